"""SYNTHETIC case returns of two forces and a national body about the same made-up people, to show
how links change figures.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from darkfigure.synthetic.agency_lists import synthetic_lists
from darkfigure.synthetic.returns import Return

#: Which agency of the repository sends the list of which made-up one.
SENDERS = {
    "police": "metropolitan-police",
    "home_office": "HO",
    "shelter": "UKHTC",
    "council": "kent",
}
STATED_ON = date(2019, 2, 1)


def write_linked_returns(folder: Path, records: int = 400, seed: int = 1) -> list[Path]:
    """Write a return for each agency: persons with synthetic names, and the recovery of each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    lists = synthetic_lists(records, seed).sort("agency", "record")
    for name, agency in SENDERS.items():
        made = Return(agency, STATED_ON)
        for row in lists.filter(lists["agency"] == name).iter_rows(named=True):
            born = row["date_of_birth"]
            made.add(
                "person",
                record=row["record"],
                sex={"F": "female", "M": "male"}.get(row["sex"]),
                birth_year=int(born[:4]) if born else None,
                nationality=row["nationality"],
                given_name=row["given_name"],
                family_name=row["family_name"],
                date_of_birth=born,
                document_number=row["document_number"],
            )
            made.add(
                "recovery",
                record=f"R-{row['record']}",
                person=row["record"],
                date=row["met_on"],
                area=row["area"],
                age=int(row["age"]) if row["age"] else None,
            )
        path = folder / f"synthetic-persons-{agency}.json"
        path.write_text(made.text(), encoding="utf-8")
        paths.append(path)
    return paths
