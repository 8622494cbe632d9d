// A day's work of a program that uses fhir-kit-client, against a server that `cargo xtask clients` starts.
// Holds every interaction that the other journeys leave out: patch, batch, conditions, history of a type, forms.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Client } from 'fhir-kit-client';

const address = process.env.WEFT_ADDRESS;
const baseUrl = `${address}/fhir`;
const LOINC = 'http://loinc.org';

async function signedIn(persona) {
  const answer = await fetch(`${address}/sign-in`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ persona }),
  });
  const { access_token: bearerToken } = await answer.json();
  return new Client({ baseUrl, bearerToken });
}

let gp;
before(async () => {
  assert.ok(address, 'Run these with `cargo xtask clients`, which says where the server is.');
  gp = await signedIn('gp');
});

const person = (family, given, more = {}) => ({ resourceType: 'Patient', name: [{ family, given: [given] }], birthDate: '1952-07-19', ...more });
const weight = (subject, value, day) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: LOINC, code: '29463-7', display: 'Body weight' }] },
  subject: { reference: subject },
  effectiveDateTime: day,
  valueQuantity: { value, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
});
const register = (family, given, more) => gp.create({ resourceType: 'Patient', body: person(family, given, more) });
const measure = (someone, value, day) => gp.create({ resourceType: 'Observation', body: weight(`Patient/${someone.id}`, value, day) });
const found = (bundle) => (bundle.entry ?? []).map(({ resource }) => resource);
const headers = (answer) => Client.httpFor(answer).response.headers;

// What was refused: its status and its outcome.
async function refused(asked) {
  const error = await asked.then(() => assert.fail('it was not refused'), (error) => error);
  const { status, data } = error.response ?? assert.fail(String(error));
  assert.equal(data.resourceType, 'OperationOutcome', `${status}: ${JSON.stringify(data)}`);
  return { status, issue: data.issue[0], words: data.issue.map(({ diagnostics }) => diagnostics).join(' ') };
}

test('the capability statement names what there is, to anybody', async () => {
  const stated = await new Client({ baseUrl }).capabilityStatement();
  assert.equal(stated.fhirVersion, '4.0.1');
  const { resource } = stated.rest[0];
  const patient = resource.find(({ type }) => type === 'Patient');
  const can = patient.interaction.map(({ code }) => code);
  for (const code of ['read', 'vread', 'update', 'patch', 'delete', 'history-instance', 'history-type', 'create', 'search-type']) {
    assert.ok(can.includes(code), code);
  }
  assert.ok(stated.rest[0].interaction.some(({ code }) => code === 'transaction'));
  assert.equal(stated.implementation.url, baseUrl);
});

test('a version is kept, told apart and defended', async () => {
  const made = await register('Versionby', 'Lena');
  assert.equal(headers(made).get('etag'), 'W/"1"');
  assert.equal(headers(made).get('location'), `${baseUrl}/Patient/${made.id}/_history/1`);
  const ifMatch = (version) => ({ headers: { 'If-Match': `W/"${version}"` } });
  const body = { ...made, gender: 'female' };
  const changed = await gp.update({ resourceType: 'Patient', id: made.id, body, options: ifMatch(1) });
  assert.equal(changed.meta.versionId, '2');
  const stale = await refused(gp.update({ resourceType: 'Patient', id: made.id, body, options: ifMatch(1) }));
  assert.equal(stale.status, 412);
  const first = await gp.vread({ resourceType: 'Patient', id: made.id, version: 1 });
  assert.equal(first.gender, undefined);
  const history = await gp.history({ resourceType: 'Patient', id: made.id });
  assert.deepEqual(found(history).map(({ meta }) => meta.versionId), ['2', '1']);
  const all = await gp.history({ resourceType: 'Patient' });
  assert.ok(found(all).some(({ id }) => id === made.id) && all.link.some(({ relation }) => relation === 'self'));
  await gp.delete({ resourceType: 'Patient', id: made.id });
  assert.equal((await refused(gp.read({ resourceType: 'Patient', id: made.id }))).status, 410);
  assert.equal((await gp.vread({ resourceType: 'Patient', id: made.id, version: 2 })).gender, 'female');
});

test('a patch changes what it names and nothing else', async () => {
  const someone = await register('Patchett', 'Mabel');
  const digits = await measure(someone, 71.5, '2026-03-01');
  const jsonPatch = [
    { op: 'test', path: '/status', value: 'final' },
    { op: 'replace', path: '/status', value: 'amended' },
    { op: 'add', path: '/note', value: [{ text: 'weighed again' }] },
  ];
  const patched = await gp.patch({ resourceType: 'Observation', id: digits.id, jsonPatch });
  assert.equal(patched.status, 'amended');
  assert.equal(patched.meta.versionId, '2');
  const broken = await refused(gp.patch({ resourceType: 'Observation', id: digits.id, jsonPatch }));
  assert.ok([409, 422].includes(broken.status), `the test no longer holds: ${broken.status}`);
  const worse = await refused(gp.patch({ resourceType: 'Observation', id: digits.id, jsonPatch: [{ op: 'replace', path: '/status', value: 'perhaps' }] }));
  assert.equal(worse.status, 422);
  const now = await gp.read({ resourceType: 'Observation', id: digits.id });
  assert.deepEqual([now.meta.versionId, now.valueQuantity.value], ['2', 71.5]);
});

test('create and update on a condition', async () => {
  const identifier = [{ system: 'https://clinic.example/id', value: 'C-100' }];
  const options = { headers: { 'If-None-Exist': 'identifier=https://clinic.example/id|C-100' } };
  const body = person('Conditional', 'Nora', { identifier });
  const made = await gp.create({ resourceType: 'Patient', body, options });
  const again = await gp.create({ resourceType: 'Patient', body, options });
  assert.equal(again.id, made.id);
  assert.equal(Client.httpFor(again).response.status, 200);
  const searchParams = { identifier: 'https://clinic.example/id|C-100' };
  const changed = await gp.update({ resourceType: 'Patient', searchParams, body: { ...body, gender: 'female' } });
  assert.deepEqual([changed.id, changed.meta.versionId], [made.id, '2']);
});

test('searches by address and by form, along chains, with what belongs to them', async () => {
  const someone = await register('Searcher', 'Olive');
  for (const [value, day] of [[60, '2026-01-01'], [61.5, '2026-01-15'], [63, '2026-02-01']]) {
    await measure(someone, value, day);
  }
  const searchParams = { 'subject:Patient.family': 'Searcher', code: `${LOINC}|29463-7`, date: 'ge2026-01-15', _sort: 'date' };
  const byAddress = await gp.search({ resourceType: 'Observation', searchParams });
  assert.deepEqual(found(byAddress).map(({ valueQuantity }) => valueQuantity.value), [61.5, 63]);
  const byForm = await gp.search({ resourceType: 'Observation', searchParams, options: { postSearch: true } });
  assert.deepEqual(found(byForm).map(({ id }) => id), found(byAddress).map(({ id }) => id));
  assert.match(byForm.link.find(({ relation }) => relation === 'self').url, /_sort=date/);
  const has = await gp.search({ resourceType: 'Patient', searchParams: { family: 'Searcher', '_has:Observation:patient:value-quantity': 'gt62' } });
  assert.deepEqual(found(has).map(({ id }) => id), [someone.id]);
  const included = await gp.search({ resourceType: 'Patient', searchParams: { family: 'Searcher', _revinclude: 'Observation:subject' } });
  assert.deepEqual(included.entry.map(({ search }) => search.mode), ['match', 'include', 'include', 'include']);
  const [first] = found(await gp.search({ resourceType: 'Observation', searchParams: { patient: someone.id, _elements: 'status', _count: 1 } }));
  assert.ok(first.status && !first.valueQuantity && first.meta.tag.some(({ code }) => code === 'SUBSETTED'));
});

test('pages hold still while others write', async () => {
  const someone = await register('Pagesby', 'Pearl');
  for (const day of [1, 2, 3, 4, 5]) {
    await measure(someone, 50 + day, `2026-05-0${day}`);
  }
  const searchParams = { patient: someone.id, _sort: '-date', _count: 2 };
  let page = await gp.search({ resourceType: 'Observation', searchParams });
  const seen = [];
  for (let turn = 0; page; turn += 1) {
    seen.push(...found(page).map(({ valueQuantity }) => valueQuantity.value));
    if (turn === 0) {
      await measure(someone, 99, '2026-05-09');
    }
    page = page.link.some(({ relation }) => relation === 'next') ? await gp.nextPage({ bundle: page }) : null;
  }
  assert.deepEqual(seen, [55, 54, 53, 52, 51]);
});

test('a transaction rewrites its own references; a batch stands or falls one by one', async () => {
  const urn = 'urn:uuid:0d0f9b5e-0d53-4d9c-9a4e-9e6f1f7f3a21';
  const post = (resource, fullUrl) => ({ fullUrl, resource, request: { method: 'POST', url: resource.resourceType } });
  const entry = [post(weight(urn, 80.0, '2026-04-02')), post(person('Togetherby', 'Queenie'), urn)];
  const done = await gp.transaction({ body: { resourceType: 'Bundle', type: 'transaction', entry } });
  assert.deepEqual(done.entry.map(({ response }) => response.status), ['201 Created', '201 Created']);
  const [, id] = done.entry[1].response.location.split('/');
  const [observation] = found(await gp.search({ resourceType: 'Observation', searchParams: { patient: id } }));
  assert.equal(observation.subject.reference, `Patient/${id}`);

  const batch = await gp.batch({
    body: {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        post(weight(`Patient/${id}`, 81, '2026-04-03')),
        post({ ...weight(`Patient/${id}`, 82, '2026-04-04'), status: 'perhaps' }),
        { request: { method: 'GET', url: `Patient/${id}` } },
        { request: { method: 'GET', url: `Observation?patient=${id}&_summary=count` } },
      ],
    },
  });
  assert.deepEqual(batch.entry.map(({ response }) => response.status.split(' ')[0]), ['201', '422', '200', '200']);
  assert.equal(batch.entry[1].response.outcome.resourceType, 'OperationOutcome');
  assert.equal(batch.entry[2].resource.id, id);
  assert.equal(batch.entry[3].resource.total, 2);
});

test('everything, validation and matching', async () => {
  const someone = await register('Wholeby', 'Rita');
  await measure(someone, 77, '2026-04-05');
  const everything = await gp.operation({ name: '$everything', resourceType: 'Patient', id: someone.id, method: 'GET' });
  assert.deepEqual(found(everything).map(({ resourceType }) => resourceType).sort(), ['Observation', 'Patient']);
  const looked = await gp.operation({ name: '$validate', resourceType: 'Patient', input: { ...person('A', 'B'), height: 3 } });
  assert.equal(looked.issue[0].severity, 'error');
  assert.deepEqual(looked.issue[0].expression, ['Patient.height']);
  const input = { resourceType: 'Parameters', parameter: [{ name: 'resource', resource: person('Wholeby', 'Rita') }] };
  const matched = await gp.operation({ name: '$match', resourceType: 'Patient', input });
  assert.ok(matched.entry.some(({ resource, search }) => resource.id === someone.id && search.score > 0));
});

test('what is refused is refused as an outcome', async () => {
  const nobody = new Client({ baseUrl });
  assert.equal((await refused(nobody.read({ resourceType: 'Patient', id: 'a' }))).status, 401);
  const analyst = await signedIn('analyst');
  assert.equal((await refused(analyst.search({ resourceType: 'Patient', searchParams: {} }))).status, 403);
  const strange = await refused(gp.search({ resourceType: 'Patient', searchParams: { 'family:sounds': 'Ash' } }));
  assert.ok(strange.status === 400 && /exact/.test(strange.words), strange.words);
  const nowhere = await refused(gp.create({ resourceType: 'Observation', body: weight('Patient/no-such-patient', 70, '2026-01-01') }));
  assert.ok(nowhere.status === 422 && /subject/.test(JSON.stringify(nowhere.issue)), JSON.stringify(nowhere));
  const huge = { ...person('Huge', 'Sal'), text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${'x'.repeat(10 * 1024 * 1024)}</div>` } };
  assert.equal((await refused(gp.create({ resourceType: 'Patient', body: huge }))).status, 413);
  const reception = await signedIn('receptionist');
  assert.equal((await refused(reception.create({ resourceType: 'Patient', body: person('No', 'Tess') }))).status, 403);
});
