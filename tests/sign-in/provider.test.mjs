// Signing in and out by a provider that others wrote (npm's oidc-provider): NHS staff, citizens, a council's staff, a client with
// a private key; sessions that outlive the server; sign-out here, there, and from there to here.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECRET, freePort, house, onward } from './house.mjs';
import { KEY, startProvider } from './provider.mjs';

let weft;
let provider;
let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-key-'));
  await writeFile(join(folder, 'key.pem'), KEY.privateKey.export({ type: 'pkcs1', format: 'pem' }));
  const port = await freePort();
  provider = await startProvider(port, () => weft.address);
  const { issuer } = provider;
  weft = await house([
    { id: 'cis2', name: 'NHS smartcard', issuer, 'client-id': 'weft', kind: 'staff', 'max-age': 60 },
    { id: 'login', name: 'NHS login', issuer, 'client-id': 'weft-login', kind: 'citizen', vtr: ['P9.Cp.Cd'] },
    {
      id: 'council', name: 'Stockport Council', issuer, 'client-id': 'weft-council', kind: 'council',
      organisation: 'stockport-council', 'role-claim': 'roles', 'two-factors': ['mfa'],
    },
    {
      id: 'keyed', name: 'the same with a key', issuer, 'client-id': 'weft-keyed', kind: 'staff',
      'secret-file': undefined, 'key-file': join(folder, 'key.pem'), 'key-id': 'weft-1',
    },
  ]);
});
after(async () => {
  await weft?.stop();
  await provider?.stop();
  await rm(folder, { recursive: true, force: true });
});

// Goes the whole way as this person; the page at its end.
async function arrive(browser, way, person) {
  provider.as(person);
  return browser.follow(`/sign-in/${way}`);
}

test('the first page has a button for each provider and nobody of the demonstration', async () => {
  const text = await weft.browser().first();
  for (const name of ['NHS smartcard', 'NHS login', 'Stockport Council']) {
    assert.match(text, new RegExp(`Sign in with ${name}`));
  }
  assert.doesNotMatch(text, /persona/);
});

test('a GP signs in, reads, and is written down under their name and practice', async () => {
  const browser = weft.browser();
  const page = await arrive(browser, 'cis2', 'gp');
  assert.equal(page.status, 200, page.text);
  assert.equal(onward(page.text), '/');
  assert.ok(browser.session, 'a session');
  assert.match(page.headers.getSetCookie().join(), /SameSite=Strict/);
  const first = await browser.first();
  assert.match(first, /Dr Asha Winter, GP, Marple Bridge Surgery/);
  assert.equal((await browser.ask(page.url)).status, 403, 'the answer of a provider is used once');
  assert.match(await browser.first(), /Dr Asha Winter/, 'and the session goes on');
});

test('somebody with two roles chooses one for the session', async () => {
  const browser = weft.browser();
  const page = await arrive(browser, 'cis2', 'both');
  assert.match(page.text, /GP, Marple Bridge Surgery/);
  assert.match(page.text, /Consultant, Stockport NHS Foundation Trust/);
  assert.equal(browser.session, undefined, 'nobody is signed in before they have chosen');
  const choose = (role) => browser.ask('/sign-in/role', { method: 'POST', form: { role }, site: 'same-origin' });
  assert.equal((await choose('1')).status, 200);
  assert.match(await browser.first(), /Dr Ben Spring, Consultant/);
  assert.equal((await choose('0')).status, 403, 'a role is chosen once');
});

test('a role or a place that is not known gives nothing', async () => {
  const browser = weft.browser();
  const page = await arrive(browser, 'cis2', 'stranger');
  assert.equal(page.status, 403);
  assert.match(page.text, /no role that this service knows/);
  assert.doesNotMatch(page.text, /Cleo|R9999|ZZZ99/);
  assert.equal(browser.session, undefined);
});

test('a citizen with a proved number sees their own record, and nobody else does', async () => {
  const browser = weft.browser();
  assert.equal((await arrive(browser, 'login', 'margaret')).status, 200);
  const first = await browser.ask('/');
  assert.match(first.to, /\/me$/);
  assert.match((await browser.ask('/me')).text, /Margaret Ashworth/);
  for (const [person, words] of [['unproved', /weaker proof/], ['nobody', /no record here/]]) {
    const other = weft.browser();
    const page = await arrive(other, 'login', person);
    assert.equal(page.status, 403);
    assert.match(page.text, words);
    assert.equal(other.session, undefined);
  }
});

test('a council worker comes in by their own provider, and without two factors does not', async () => {
  const browser = weft.browser();
  assert.equal((await arrive(browser, 'council', 'worker')).status, 200);
  assert.match(await browser.first(), /Eve Council, Social worker, Stockport Council, Marple neighbourhood/);
  const weak = await arrive(weft.browser(), 'council', 'analyst');
  assert.equal(weak.status, 403);
  assert.match(weak.text, /weaker proof/);
});

test('a password alone is not enough for staff', async () => {
  const browser = weft.browser();
  const page = await arrive(browser, 'cis2', 'weak');
  assert.equal(page.status, 403);
  assert.match(page.text, /weaker proof/);
  assert.equal(browser.session, undefined);
});

test('with a private key in place of a secret', async () => {
  const browser = weft.browser();
  assert.equal((await arrive(browser, 'keyed', 'gp')).status, 200);
  assert.match(await browser.first(), /Dr Asha Winter/);
});

test('a session outlives the server, and signing out ends it here and leads to the provider', async () => {
  const browser = weft.browser();
  await arrive(browser, 'cis2', 'gp');
  await weft.restart();
  assert.match(await browser.first(), /Dr Asha Winter/);
  // After a restart nothing is known of the provider until somebody asks it.
  await weft.browser().ask('/sign-in/cis2');
  const old = browser.session;
  const page = await browser.signOut();
  assert.match(page.text, /signed out here/);
  const to = onward(page.text);
  assert.match(to, /\/session\/end\?client_id=weft&post_logout_redirect_uri=/);
  assert.doesNotMatch(to, /id_token|sub=/);
  assert.equal(browser.session, undefined);
  const thief = await fetch(`${weft.address}/feeds`, { headers: { cookie: `weft-session=${old}` }, redirect: 'manual' });
  assert.equal(thief.status, 303, 'the old cookie opens nothing');
  // The provider's own page asks once more, and sends the browser back.
  const asked = await browser.ask(to);
  const [, xsrf] = asked.text.match(/name="xsrf" value="([^"]+)"/);
  const gone = await browser.ask(new URL('/session/end/confirm', provider.issuer).href, { method: 'POST', form: { xsrf, logout: 'yes' } });
  assert.equal(gone.to, `${weft.address}/signed-out`);
  assert.match((await browser.ask(gone.to)).text, /You have been signed out/);
});

test('who signs out at the provider is signed out here', async () => {
  const browser = weft.browser();
  await arrive(browser, 'cis2', 'gp');
  assert.match(await browser.first(), /Dr Asha Winter/);
  const asked = await browser.ask(new URL('/session/end', provider.issuer).href);
  const [, xsrf] = asked.text.match(/name="xsrf" value="([^"]+)"/);
  await browser.ask(new URL('/session/end/confirm', provider.issuer).href, { method: 'POST', form: { xsrf, logout: 'yes' } });
  let text;
  for (let tries = 0; tries < 50; tries += 1) {
    text = await browser.first();
    if (!/Asha/.test(text)) {
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.match(text, /You have been signed out/);
});

test('programs without a browser are refused with words', async () => {
  const answer = await fetch(`${weft.address}/sign-in`, { method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams({ persona: 'gp' }) });
  assert.equal(answer.status, 400);
  assert.match((await answer.json()).error_description, /Programs cannot sign in here/);
  const browser = await fetch(`${weft.address}/sign-in`, { method: 'POST', body: new URLSearchParams({ persona: 'gp' }) });
  assert.equal(browser.status, 404, 'no persona is let in');
});

test('the log names nobody and no secret, and the chain holds', async () => {
  const log = await weft.log();
  for (const word of [SECRET, 'Asha', 'Winter', 'Margaret', '9990001006', 'code=']) {
    assert.ok(!log.includes(word), `the log says ${word}`);
  }
  assert.match(log, /a sign-in was refused/);
  assert.match(weft.verify(), /sound|agree|ok/i);
});
