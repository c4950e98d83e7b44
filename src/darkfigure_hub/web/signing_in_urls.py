"""Addresses of signing in: those of the library that are wanted here, and no others."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.urls import path

from darkfigure_hub.web import signing_in_by_department as department

urlpatterns = [
    path("sign-in", account.login, name="account_login"),
    path("sign-out", account.logout, name="account_logout"),
    path("disabled", account.account_inactive, name="account_inactive"),
    path("by-invitation", account.signup, name="account_signup"),
    path("once-more", account.reauthenticate, name="account_reauthenticate"),
    path("password", account.password_change, name="account_change_password"),
    path("password/forgotten", account.password_reset, name="account_reset_password"),
    path(
        "password/code",
        account.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path(
        "password/new",
        account.complete_password_reset,
        name="account_complete_password_reset",
    ),
    path(
        "password/done",
        account.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
    path("second-factor", factors.authenticate, name="mfa_authenticate"),
    path("second-factor/once-more", factors.reauthenticate, name="mfa_reauthenticate"),
    path("factors", factors.index, name="mfa_index"),
    path("factors/app", totp.activate_totp, name="mfa_activate_totp"),
    path("factors/app/remove", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("factors/codes", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("factors/codes/new", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("factors/codes/file", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("factors/passkeys", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("factors/passkeys/add", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("factors/passkeys/sign-in", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path(
        "factors/passkeys/once-more",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("factors/passkeys/<int:pk>/remove", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("factors/passkeys/<int:pk>/name", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
]
if settings.DEPARTMENT["ISSUER"]:
    urlpatterns += [
        path("department", department.leave, name="department_leave"),
        path("department/back", department.come_back, name="department_back"),
    ]
