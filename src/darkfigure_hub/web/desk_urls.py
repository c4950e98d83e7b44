"""Addresses of the desk: what people who signed in work with."""

from django.urls import path

from darkfigure_hub.web import desk, enquiring, people, register, reviewing, submitting

urlpatterns = [
    path("", desk.home, name="desk"),
    path("acting", desk.acting, name="desk_acting"),
    path("sessions", desk.sessions, name="desk_sessions"),
    path("policy", desk.policy, name="desk_policy"),
    path("asks", submitting.asks, name="desk_asks"),
    path("asks/<str:reference>/reply", submitting.reply, name="desk_reply"),
    path("submissions", submitting.submissions, name="desk_submissions"),
    path("submissions/new", submitting.draft, name="desk_draft"),
    path("submissions/<int:number>", submitting.submission, name="desk_submission"),
    path("submissions/<int:number>/mend", submitting.mend, name="desk_mend"),
    path("submissions/<int:number>/release", submitting.release, name="desk_release"),
    path("submissions/<int:number>/discard", submitting.discard, name="desk_discard"),
    path("enquiries", enquiring.enquiries, name="desk_enquiries"),
    path("enquiries/new", enquiring.opening, name="desk_opening"),
    path("enquiries/<int:number>", enquiring.enquiry, name="desk_enquiry"),
    path("enquiries/<int:number>/close", enquiring.close, name="desk_close"),
    path("enquiries/<int:number>/release", enquiring.release, name="desk_release_response"),
    path("enquiries/<int:number>/parts/<str:letter>", enquiring.part, name="desk_part"),
    path("enquiries/<int:number>/parts/<str:letter>/out", enquiring.without, name="desk_without"),
    path("responses", register.responses, name="desk_responses"),
    path("responses/changed", register.changed, name="desk_changed"),
    path("responses/<str:reference>", register.response, name="desk_response"),
    path("responses/<str:reference>/correct", enquiring.correcting, name="desk_correcting"),
    path("responses/<str:reference>/withdraw", register.withdraw, name="desk_withdraw"),
    path("links", reviewing.links, name="desk_links"),
    path("items", reviewing.items, name="desk_items"),
    path("items/grade", reviewing.grade, name="desk_grade"),
    path("coverage", reviewing.coverage, name="desk_coverage"),
    path("log", reviewing.log, name="desk_log"),
    path("people", people.people, name="desk_people"),
    path("people/invite", people.invite, name="desk_invite"),
    path("people/<int:number>", people.person, name="desk_person"),
    path("appointments/<int:number>/approve", people.approve, name="desk_approve"),
    path("appointments/<int:number>/code", people.code, name="desk_code"),
    path("appointments/<int:number>/end", people.end, name="desk_end"),
    path("people/<int:number>/disable", people.disable, name="desk_disable"),
]
