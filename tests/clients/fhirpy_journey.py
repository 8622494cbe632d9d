"""A day's work of a program that uses fhirpy: register, measure, search, correct, and be told no."""

import unittest

from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import (
    AuthorizationError,
    ForbiddenError,
    MultipleResourcesFound,
    OperationOutcome,
    ResourceNotFound,
)

from borough import BASE, nhs_numbers, patient, pulse, token


def client(persona):
    return SyncFHIRClient(BASE, authorization=f"Bearer {token(persona)}")


class Fhirpy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gp = client("gp")

    def register(self, family, given, **more):
        made = self.gp.resource(**with_type(patient(family, given, "1950-06-01", **more)))
        made.save()
        return made

    def test_a_patient_from_the_first_word_to_the_last(self):
        made = self.register("Journeyman", "Fay")
        self.assertEqual(made["meta"]["versionId"], "1")
        self.assertEqual(self.gp.reference("Patient", made.id).to_resource()["birthDate"], "1950-06-01")

        made["gender"] = "female"
        made.save()
        self.assertEqual(made["meta"]["versionId"], "2")
        made.refresh()
        self.assertEqual(made["gender"], "female")

        # Somebody who has only seen the first version does not write over the second.
        stale = {"If-Match": 'W/"1"'}
        with self.assertRaises(MultipleResourcesFound) as refused:  # fhirpy's word for 412
            self.gp._do_request("put", f"Patient/{made.id}", data=made.serialize(), extra_headers=stale)
        self.assertIn("OperationOutcome", str(refused.exception))

        history = self.gp.execute(f"Patient/{made.id}/_history", method="get")
        self.assertEqual([entry["resource"]["meta"]["versionId"] for entry in history["entry"]], ["2", "1"])

        made.delete()
        with self.assertRaises(ResourceNotFound):
            self.gp.reference("Patient", made.id).to_resource()

    def test_searches_reach_across_references_and_pages_hold_still(self):
        first = self.register("Chainlink", "Ada", gender="female")
        second = self.register("Chainlink", "Bede", gender="male")
        for day in range(1, 6):
            self.gp.resource(**with_type(pulse(f"Patient/{first.id}", 60 + day, f"2026-03-0{day}"))).save()
        self.gp.resource(**with_type(pulse(f"Patient/{second.id}", 90, "2026-03-09"))).save()

        patients = self.gp.resources("Patient").search(family="Chainlink")
        self.assertEqual(count(patients), 2)
        self.assertEqual([found.id for found in patients.search(gender="female").fetch()], [first.id])
        self.assertEqual([found.id for found in self.gp.resources("Patient").search(name__contains="hainlin", given="Bede").fetch()], [second.id])

        measured = self.gp.resources("Observation").search(subject__Patient__family="Chainlink")
        self.assertEqual(len(measured.fetch_all()), 6)
        self.assertEqual(len(measured.search(subject__Patient__gender="male").fetch()), 1)
        quick = self.gp.resources("Patient").search(**{"_has:Observation:subject:value-quantity": "gt80"}).search(family="Chainlink")
        self.assertEqual([found.id for found in quick.fetch()], [second.id])

        pages = measured.search(date__le="2026-03-05").sort("-date").limit(2)
        days = [found["effectiveDateTime"] for found in pages.fetch_all()]
        self.assertEqual(days, [f"2026-03-0{day}" for day in range(5, 0, -1)])

        bundle = measured.search(date="2026-03-09").include("Observation", "subject").fetch_raw()
        modes = [(entry["resource"]["resourceType"], entry["search"]["mode"]) for entry in bundle["entry"]]
        self.assertEqual(modes, [("Observation", "match"), ("Patient", "include")])

    def test_a_transaction_is_whole_or_not_at_all(self):
        mother, child = "urn:uuid:4f2a5e3c-6f0d-4f3e-9a58-0a4d8e8f4d11", "urn:uuid:4f2a5e3c-6f0d-4f3e-9a58-0a4d8e8f4d12"
        def bundle(subject):
            post = lambda url, full, body: {"fullUrl": full, "resource": body, "request": {"method": "POST", "url": url}}
            return {"resourceType": "Bundle", "type": "transaction", "entry": [
                post("Patient", mother, patient("Allornothing", "Cora", "1944-02-29")),
                post("Observation", child, pulse(subject, 71, "2026-04-01")),
            ]}
        with self.assertRaises(OperationOutcome) as refused:
            self.gp.execute("", data=bundle("urn:uuid:00000000-0000-4000-8000-000000000000"))
        self.assertIn("Bundle.entry[1]", str(refused.exception))
        self.assertEqual(count(self.gp.resources("Patient").search(family="Allornothing")), 0)

        done = self.gp.execute("", data=bundle(mother))
        self.assertEqual([entry["response"]["status"] for entry in done["entry"]], ["201 Created", "201 Created"])
        found = self.gp.resources("Observation").search(subject__Patient__family="Allornothing").get()
        person = self.gp.resources("Patient").search(family="Allornothing").get()
        self.assertEqual(found["subject"]["reference"], f"Patient/{person.id}")

    def test_everything_about_somebody_whom_a_feed_knows(self):
        margaret = self.gp.resources("Patient").search(family="Ashworth", given="Margaret").first()
        everything = margaret.execute("$everything", method="get")
        kinds = {entry["resource"]["resourceType"] for entry in everything["entry"]}
        self.assertLessEqual({"Patient", "Condition", "MedicationRequest", "Observation"}, kinds)
        for entry in everything["entry"]:
            subject = entry["resource"].get("subject", {}).get("reference")
            self.assertIn(subject, (None, f"Patient/{margaret.id}"), "a feed's own references are the API's own here")

    def test_a_resource_can_be_looked_over_before_it_is_sent(self):
        sound = self.gp.resource(**with_type(patient("Valid", "Dot", "1950-06-01")))
        self.assertTrue(sound.is_valid())
        broken = self.gp.resource("Patient", birthDate="01/06/1950")
        self.assertFalse(broken.is_valid())
        with self.assertRaises(OperationOutcome) as refused:
            broken.save()
        self.assertIn("birthDate", str(refused.exception))

    def test_who_may_be_meant(self):
        number = next(nhs_numbers(771_000))
        self.register("Matchwell", "Enid", number=number)
        asked = {"resourceType": "Parameters", "parameter": [
            {"name": "resource", "resource": patient("Matchwell", "Enid", "1950-06-01", number=number)},
            {"name": "onlyCertainMatches", "valueBoolean": True},
        ]}
        answer = self.gp.execute("Patient/$match", data=asked)
        self.assertEqual(len(answer["entry"]), 1)
        search = answer["entry"][0]["search"]
        self.assertEqual(search["extension"][0]["valueCode"], "certain")

    def test_what_is_refused_says_why(self):
        with self.assertRaises(OperationOutcome) as refused:
            self.gp.resources("Patient").search(surname="Ashworth").fetch()
        self.assertIn("family", str(refused.exception), "the names that there are")
        # fhirpy's own count asks by a parameter that only one server has.
        with self.assertRaises(OperationOutcome) as refused:
            self.gp.resources("Patient").count()
        self.assertIn("_totalMethod", str(refused.exception))
        # fhirpy sends a JSON merge patch as plain JSON, which FHIR R4 does not have.
        with self.assertRaises(OperationOutcome) as refused:
            self.gp.patch("Patient", "some-id", gender="female")
        self.assertIn("json-patch", str(refused.exception))
        with self.assertRaises(AuthorizationError):
            SyncFHIRClient(BASE).resources("Patient").fetch()
        with self.assertRaises(AuthorizationError):
            SyncFHIRClient(BASE, authorization="Bearer nonsense").resources("Patient").fetch()
        with self.assertRaises(ForbiddenError):
            client("analyst").resources("Patient").fetch()

    def test_a_role_finds_what_it_sees_and_no_more(self):
        someone = self.register("Roleplay", "Gus")
        self.gp.resource(**with_type(pulse(f"Patient/{someone.id}", 77, "2026-05-01"))).save()
        desk = client("receptionist")
        self.assertEqual([found.id for found in desk.resources("Patient").search(family="Roleplay").fetch()], [someone.id])
        self.assertEqual(count(desk.resources("Observation").search(subject=f"Patient/{someone.id}")), 0)
        # Not even by asking around the corner.
        around = desk.resources("Patient").search(**{"_has:Observation:subject:value-quantity": "77"}).search(family="Roleplay")
        self.assertEqual(count(around), 0)
        with self.assertRaises(ForbiddenError):
            desk.resource(**with_type(patient("Roleplay", "Hal", "1950-06-01"))).save()


def count(search):
    """How many there are, asked as R4 asks it."""
    return search.search(_summary="count").fetch_raw()["total"]


def with_type(resource):
    """A resource as fhirpy's `resource` takes it."""
    return {"resource_type": resource.pop("resourceType"), **resource}


if __name__ == "__main__":
    unittest.main()
