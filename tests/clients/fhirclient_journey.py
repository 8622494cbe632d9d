"""A day's work of a program that uses fhirclient, whose models of R4 refuse what R4 does not have."""

import unittest

from fhirclient.client import FHIRClient
from fhirclient.models.bundle import Bundle
from fhirclient.models.capabilitystatement import CapabilityStatement
from fhirclient.models.observation import Observation
from fhirclient.models.operationoutcome import OperationOutcome
from fhirclient.models.patient import Patient
from fhirclient.server import FHIRNotFoundException, FHIRPermissionDeniedException, FHIRUnauthorizedException
from requests.exceptions import HTTPError

from borough import BASE, patient, pulse, token


def server(persona):
    found = FHIRClient(settings={"app_id": "weft-journey", "api_base": BASE}).server
    if persona:
        found.session.headers["Authorization"] = f"Bearer {token(persona)}"
    return found


class Fhirclient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.nurse = server("district-nurse")

    def register(self, family, given):
        made = Patient(patient(family, given, "1948-09-12")).create(self.nurse)
        return Patient(made)

    def measure(self, someone, value, day):
        return Observation(Observation(pulse(f"Patient/{someone.id}", value, day)).create(self.nurse))

    def test_the_capability_statement_is_one(self):
        stated = server(None).capabilityStatement
        self.assertIsInstance(stated, CapabilityStatement)
        self.assertEqual(stated.fhirVersion, "4.0.1")
        kinds = {resource.type: resource for resource in stated.rest[0].resource}
        self.assertIn("family", [parameter.name for parameter in kinds["Patient"].searchParam])
        self.assertEqual(kinds["Patient"].versioning, "versioned-update")

    def test_create_read_update_and_delete_by_models(self):
        someone = self.register("Modelson", "Ivy")
        self.assertEqual(someone.meta.versionId, "1")
        again = Patient.read(someone.id, self.nurse)
        self.assertEqual(again.name[0].family, "Modelson")
        again.active = True
        changed = Patient(again.update(self.nurse))
        self.assertEqual((changed.meta.versionId, changed.active), ("2", True))
        again.delete(self.nurse)
        with self.assertRaises(HTTPError) as gone:
            Patient.read(someone.id, self.nurse)
        self.assertEqual(gone.exception.response.status_code, 410)
        OperationOutcome(gone.exception.response.json())

    def test_search_follows_pages_and_includes(self):
        someone = self.register("Pagewell", "June")
        for day in range(1, 6):
            self.measure(someone, 60 + day, f"2026-02-0{day}")
        asked = Observation.where({"subject.family": "Pagewell", "_sort": "date", "_count": "2"})
        values = [found.valueQuantity.value for found in asked.perform_resources_iter(self.nurse)]
        self.assertEqual(values, [61, 62, 63, 64, 65])
        asked = Observation.where({"patient": someone.id, "date": "ge2026-02-05"}).include("subject", Observation)
        kinds = [type(found).__name__ for found in asked.perform_resources(self.nurse)]
        self.assertEqual(kinds, ["Observation", "Patient"])

    def test_everything_and_history_are_bundles_of_sound_resources(self):
        found = Patient.where({"family": "Ashworth"}).perform_resources(self.nurse)
        self.assertTrue(found)
        everything = Bundle(self.nurse.request_json(f"Patient/{found[0].id}/$everything"))
        self.assertGreater(len(everything.entry), 5)
        history = Bundle(self.nurse.request_json(f"Patient/{found[0].id}/_history"))
        self.assertEqual((history.type, history.entry[0].request.method), ("history", "PUT"))

    def test_a_transaction_and_what_it_says(self):
        someone = "urn:uuid:7b1c7a52-3a34-4a55-8b0e-4c8a2f1d0a01"
        post = {"method": "POST", "url": "Patient"}
        sent = Bundle({"resourceType": "Bundle", "type": "transaction", "entry": [
            {"fullUrl": someone, "resource": patient("Bundleby", "Kit", "1931-01-01"), "request": post},
            {"resource": pulse(someone, 64, "2026-06-01"), "request": {"method": "POST", "url": "Observation"}},
        ]})
        answer = Bundle(self.nurse.post_json("", sent.as_json()).json())
        self.assertEqual((answer.type, len(answer.entry)), ("transaction-response", 2))
        self.assertTrue(answer.entry[1].response.location.startswith("Observation/"))

    def test_what_is_refused(self):
        with self.assertRaises(FHIRUnauthorizedException):
            Patient.where({"family": "Ashworth"}).perform(server(None))
        with self.assertRaises(FHIRPermissionDeniedException):
            Patient.where({"family": "Ashworth"}).perform(server("analyst"))
        with self.assertRaises(FHIRNotFoundException):
            Patient.read("nobody-has-this-id", self.nurse)
        with self.assertRaises(HTTPError) as refused:
            Patient.where({"familly": "Ashworth"}).perform(self.nurse)
        outcome = OperationOutcome(refused.exception.response.json())
        self.assertEqual((refused.exception.response.status_code, outcome.issue[0].severity), (400, "error"))
        self.assertIn("family", outcome.issue[0].diagnostics)


if __name__ == "__main__":
    unittest.main()
