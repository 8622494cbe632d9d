"""What the journeys of the Python clients share: a token of one of the demonstration's people, and invented patients.

Holds no journey. NHS numbers come from the range 999, which is given to nobody.
"""

import itertools
import json
import os
import urllib.parse
import urllib.request

ADDRESS = os.environ.get("WEFT_ADDRESS", "")
BASE = f"{ADDRESS}/fhir"
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"


def token(persona):
    """A token of this persona's session; run these with `cargo xtask clients`, which says where the server is."""
    form = urllib.parse.urlencode({"persona": persona}).encode()
    request = urllib.request.Request(f"{ADDRESS}/sign-in", form, {"Accept": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["access_token"]


def nhs_numbers(first):
    """Valid numbers of the test range, from this one on."""
    for number in itertools.count(first):
        digits = f"999{number:06d}"
        check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
        if check != 10:
            yield f"{digits}{0 if check == 11 else check}"


def patient(family, given, born, number=None, **more):
    """An invented patient, registered with the practice that the demonstration's GP and receptionist work for."""
    practice = {"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "P88002"}}
    made = {"resourceType": "Patient", "name": [{"family": family, "given": [given]}], "birthDate": born, **more}
    made.setdefault("generalPractitioner", [practice])
    if number:
        made["identifier"] = [{"system": NHS_NUMBER, "value": number}]
    return made


def pulse(subject, value, day):
    """A pulse, counted."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4", "display": "Heart rate"}]},
        "subject": {"reference": subject},
        "effectiveDateTime": day,
        "valueQuantity": {"value": value, "unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min"},
    }
