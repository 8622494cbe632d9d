// Every lie of a provider that has been thought of: refused in words, written down without naming anybody, no session, and
// nothing of the provider's own on the page. And what looks like one and is none: keys that were rotated, a provider that is down.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import { newKey, signed, startEvil } from './evil.mjs';
import { house, onward } from './house.mjs';

let weft;
let evil;
let other;
before(async () => {
  evil = await startEvil();
  other = await startEvil();
  const staff = { kind: 'staff', 'client-id': 'weft' };
  weft = await house([
    { id: 'evil', name: 'Evil', issuer: evil.issuer, ...staff, 'max-age': 10 },
    { id: 'other', name: 'Other', issuer: other.issuer, ...staff, assurance: 3 },
    // Known to nobody yet, so that its description is fetched in the test itself.
    { id: 'liar', name: 'Liar', issuer: (await liar()).issuer, ...staff },
    { id: 'huge', name: 'Huge', issuer: (await huge()).issuer, ...staff },
  ]);
});
let third;
let fourth;
const liar = async () => {
  third = await startEvil();
  third.bend = { discovery: { issuer: 'https://somebody-else.example' } };
  return third;
};
const huge = async () => {
  fourth = await startEvil();
  fourth.bend = { hugeKeys: true };
  return fourth;
};
afterEach(() => {
  evil.bend = {};
  other.bend = {};
});
after(async () => {
  await weft?.stop();
  await Promise.all([evil, other, third, fourth].map((one) => one?.stop()));
});

const now = () => Math.floor(Date.now() / 1000);

// Nothing of whoever tried, and nothing of what the provider said.
function says(page, words) {
  assert.match(page.text, /You were not signed in/, page.text);
  assert.match(page.text, words);
  assert.doesNotMatch(page.text, /Mallory|mallory|P88002|invalid_|nonce|eyJ|127\.0\.0\.1/);
}

async function refused(browser, page, words) {
  assert.ok([403, 503].includes(page.status), `${page.status}: ${page.text}`);
  says(page, words);
  assert.equal(browser.session, undefined, 'no session');
  assert.match(await browser.first(), /Sign in with Evil/, 'nobody is signed in');
}

test('an honest answer is taken: what follows is refused for its lie alone', async () => {
  const browser = weft.browser();
  const page = await browser.follow('/sign-in/evil');
  assert.equal(page.status, 200, page.text);
  assert.equal(onward(page.text), '/');
  assert.match(await browser.first(), /Mallory Evil/);
});

// One lie, told when the test runs: times are counted from then.
async function lie(bend, words = /could not be verified/) {
  evil.bend = bend;
  const browser = weft.browser();
  await refused(browser, await browser.follow('/sign-in/evil'), words);
}

test('another issuer is refused', () => lie({ claims: { iss: 'https://somebody-else.example' } }));
test('no issuer is refused', () => lie({ claims: { iss: undefined } }));
test('another audience is refused', () => lie({ claims: { aud: 'another' } }));
test('an audience more is refused', () => lie({ claims: { aud: ['weft', 'another'] } }));
test('an audience more, and an authorized party is refused', () => lie({ claims: { aud: ['weft', 'another'], azp: 'weft' } }));
test('no audience is refused', () => lie({ claims: { aud: undefined } }));
test('another authorized party is refused', () => lie({ claims: { azp: 'another' } }));
test('another nonce is refused', () => lie({ claims: { nonce: 'another' } }));
test('no nonce is refused', () => lie({ claims: { nonce: undefined } }));
test('no signature is refused', () => lie({ header: { alg: 'none' } }));
test('a signature by the public key as a secret is refused', () => lie({ header: { alg: 'HS256' } }));
test('an algorithm of another kind of key is refused', () => lie({ header: { alg: 'ES256' } }));
test('a signature of another is refused', () => lie({ key: newKey('k1') }));
test('a key that nobody publishes is refused', () => lie({ key: newKey('k9') }));
test('a token that has expired is refused', () => lie({ claims: { exp: now() - 120, iat: now() - 200 } }));
test('a token without an end is refused', () => lie({ claims: { exp: undefined } }));
test('a token that is not valid yet is refused', () => lie({ claims: { nbf: now() + 600 } }));
test('a token of the future is refused', () => lie({ claims: { iat: now() + 600 } }));
test('a token of long ago is refused', () => lie({ claims: { iat: now() - 3600 } }));
test('a token without a beginning is refused', () => lie({ claims: { iat: undefined } }));
test('a token without a subject is refused', () => lie({ claims: { sub: undefined } }));
test('an access token that is not the one promised is refused', () => lie({ claims: { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' } }));
test('a type that is none of an ID token is refused', () => lie({ header: { typ: 'logout+jwt' } }));
test('no proof is refused', () => lie({ claims: { acr: undefined } }, /weaker proof/));
test('a lower proof is refused', () => lie({ claims: { acr: 'AAL1_USERPASS' } }, /weaker proof/));
test('a proof in unknown words is refused', () => lie({ claims: { acr: 'gold' } }, /weaker proof/));

test('a proof that is enough for one provider is refused where more is asked for', async () => {
  other.bend = { claims: { acr: 'AAL2_OR_AAL3_ANY' } };
  const browser = weft.browser();
  await refused(browser, await browser.follow('/sign-in/other'), /weaker proof/);
  other.bend = { claims: { acr: 'AAL3_ANY' } };
  assert.equal((await weft.browser().follow('/sign-in/other')).status, 200);
});

test('a proof of yesterday is refused', () => lie({ claims: { auth_time: now() - 86_400 } }, /too long ago/));
test('a proof of no time is refused', () => lie({ claims: { auth_time: undefined } }, /too long ago/));
test('a proof of tomorrow is refused', () => lie({ claims: { auth_time: now() + 86_400 } }, /too long ago/));

test('a role taken away between two sign-ins is gone', async () => {
  const browser = weft.browser();
  evil.bend = { claims: { sub: 'leaver' } };
  assert.equal((await browser.follow('/sign-in/evil')).status, 200);
  evil.bend = { claims: { sub: 'leaver', nhsid_nrbac_roles: [] } };
  const again = weft.browser();
  await refused(again, await again.follow('/sign-in/evil'), /no role/);
});

test('a state that was not ours, or was used, or is of another browser is refused', async () => {
  const browser = weft.browser();
  evil.bend = { returned: { state: 'made-up' } };
  await refused(browser, await browser.follow('/sign-in/evil'), /not begun in this browser/);
  evil.bend = { returned: { state: undefined } };
  await refused(browser, await browser.follow('/sign-in/evil'), /not begun in this browser/);
  evil.bend = {};
  // The attacker's own answer, given to somebody else to sign in with.
  const attacker = weft.browser();
  const away = await attacker.ask('/sign-in/evil');
  const back = await attacker.ask(away.to);
  const victim = weft.browser();
  await victim.ask('/sign-in/evil');
  await refused(victim, await victim.ask(back.to, { site: 'cross-site' }), /not begun in this browser/);
  await refused(attacker, await attacker.ask(back.to, { site: 'cross-site' }), /not begun in this browser/);
});

test('a code is used once', async () => {
  const browser = weft.browser();
  const away = await browser.ask('/sign-in/evil');
  const back = await browser.ask(away.to);
  assert.equal((await browser.ask(back.to, { site: 'cross-site' })).status, 200);
  const again = weft.browser();
  const fresh = new URL((await again.ask((await again.ask('/sign-in/evil')).to)).to);
  fresh.searchParams.set('code', new URL(back.to).searchParams.get('code'));
  await refused(again, await again.ask(fresh.href, { site: 'cross-site' }), /did not confirm/);
});

test('the code is bound to its verifier, and the verifier stays here', async () => {
  const browser = weft.browser();
  const away = await browser.ask('/sign-in/evil');
  const asked = new URL(away.to).searchParams;
  assert.equal(asked.get('code_challenge_method'), 'S256');
  assert.equal(asked.get('response_type'), 'code');
  assert.match(asked.get('acr_values'), /AAL2/);
  assert.equal(asked.get('max_age'), '600');
  assert.ok(asked.get('state').length >= 43 && asked.get('nonce').length >= 43);
  await browser.follow(away.to);
  const form = evil.forms.at(-1);
  const { createHash } = await import('node:crypto');
  assert.equal(createHash('sha256').update(form.get('code_verifier')).digest('base64url'), asked.get('code_challenge'));
});

test('two providers are not mixed up', async () => {
  // Begun at one, answered in the name of the other.
  for (const iss of [other.issuer, undefined, '']) {
    evil.bend = { returned: { iss } };
    const browser = weft.browser();
    await refused(browser, await browser.follow('/sign-in/evil'), /another sign-in service/);
  }
  evil.bend = {};
  // Begun at one, brought back to the door of the other.
  const browser = weft.browser();
  const away = await browser.ask('/sign-in/evil');
  const back = new URL((await browser.ask(away.to)).to);
  back.pathname = '/sign-in/other/return';
  const before = other.asked.length;
  await refused(browser, await browser.ask(back.href, { site: 'cross-site' }), /another sign-in service/);
  assert.ok(!other.asked.slice(before).includes('/token'), 'the code of one is never sent to the other');
});

test('what the provider says went wrong is not repeated', async () => {
  evil.bend = { returned: { code: undefined, error: 'access_denied', error_description: '<b>Mallory was here</b>' } };
  const browser = weft.browser();
  await refused(browser, await browser.follow('/sign-in/evil'), /says that you were not signed in/);
});

test('a redirecting token endpoint is not followed', async () => {
  const before = other.forms.length;
  evil.bend = { redirectToken: `${other.issuer}/token` };
  const browser = weft.browser();
  await refused(browser, await browser.follow('/sign-in/evil'), /did not confirm/);
  assert.equal(other.forms.length, before, 'neither code nor secret went there');
});

test('a description of another issuer is refused', async () => {
  const browser = weft.browser();
  await refused(browser, await browser.ask('/sign-in/liar'), /describes itself as another/);
  third.bend = { discovery: { token_endpoint: 'http://192.0.2.1/token' } };
  await refused(browser, await browser.ask('/sign-in/liar'), /describes itself as another/);
});

test('userinfo of somebody else is refused', async () => {
  third.bend = { discovery: { userinfo_endpoint: `${third.issuer}/userinfo` } };
  const browser = weft.browser();
  await refused(browser, await browser.follow('/sign-in/liar'), /could not be verified/);
  third.bend.userinfo = { sub: 'mallory' };
  assert.equal((await weft.browser().follow('/sign-in/liar')).status, 200);
});

test('ten megabytes of keys are refused', async () => {
  const browser = weft.browser();
  await refused(browser, await browser.ask('/sign-in/huge'), /cannot be reached/);
});

test('keys that were rotated are fetched, and those that were taken away count no more', async () => {
  const old = evil.key;
  const fresh = newKey('k2');
  evil.key = fresh;
  evil.keys = [fresh.jwk];
  const browser = weft.browser();
  assert.equal((await browser.follow('/sign-in/evil')).status, 200);
  evil.bend = { key: old };
  const late = weft.browser();
  await refused(late, await late.follow('/sign-in/evil'), /could not be verified/);
});

test('a sign-in from another site is not begun', async () => {
  const page = await weft.browser().ask('/sign-in/evil', { site: 'cross-site' });
  assert.equal(page.status, 400);
});

const LOGOUT = 'http://schemas.openid.net/event/backchannel-logout';
const logoutClaims = (more) => ({
  iss: evil.issuer, aud: 'weft', iat: now(), exp: now() + 120, jti: randomUUID(), sub: 'leaver', events: { [LOGOUT]: {} }, ...more,
});
const send = (token) => fetch(`${weft.address}/sign-in/evil/logout`, { method: 'POST', body: new URLSearchParams({ logout_token: token }) });

test('a logout token that is none ends no session, and a good one ends it once', async () => {
  const browser = weft.browser();
  evil.bend = { claims: { sub: 'leaver', sid: 's7' } };
  await browser.follow('/sign-in/evil');
  evil.bend = {};
  const lies = [
    signed(logoutClaims(), newKey('k2')),
    signed(logoutClaims(), evil.key, { alg: 'none' }),
    signed(logoutClaims(), evil.key, { alg: 'HS256' }),
    signed(logoutClaims({ iss: other.issuer }), evil.key),
    signed(logoutClaims({ aud: 'another' }), evil.key),
    signed(logoutClaims({ nonce: 'x' }), evil.key),
    signed(logoutClaims({ events: {} }), evil.key),
    signed(logoutClaims({ jti: undefined }), evil.key),
    signed(logoutClaims({ iat: now() - 3600 }), evil.key),
    signed(logoutClaims({ exp: now() - 120 }), evil.key),
    signed(logoutClaims({ sub: undefined }), evil.key),
    'nonsense',
    '',
  ];
  for (const [number, token] of lies.entries()) {
    const answer = await send(token);
    assert.equal(answer.status, 400, `lie ${number}`);
    assert.match(await browser.first(), /Mallory Evil/, `lie ${number}`);
  }
  const good = signed(logoutClaims({ sid: 's7' }), evil.key, { typ: 'logout+jwt' });
  assert.equal((await send(good)).status, 200);
  assert.match(await browser.first(), /You have been signed out/);
  evil.bend = { claims: { sub: 'leaver', sid: 's7' } };
  await browser.follow('/sign-in/evil');
  assert.equal((await send(good)).status, 400, 'a token is heard once');
  assert.match(await browser.first(), /Mallory Evil/);
});

test('while a provider is down nobody new comes in, and who is in stays', async () => {
  const browser = weft.browser();
  await browser.follow('/sign-in/evil');
  await evil.stop();
  assert.match(await browser.first(), /Mallory Evil/);
  await weft.restart();
  assert.match(await browser.first(), /Mallory Evil/, 'even after a restart');
  const page = await weft.browser().ask('/sign-in/evil');
  assert.equal(page.status, 503);
  says(page, /cannot be reached/);
  await evil.start();
  assert.equal((await weft.browser().follow('/sign-in/evil')).status, 200);
});

test('every refusal is written down, and none of them says of whom', async () => {
  const log = await weft.log();
  for (const word of ['token', 'assurance', 'too-long-ago', 'no-role', 'unasked', 'mixed-up', 'declined', 'exchange']) {
    assert.match(log, new RegExp(`a sign-in was refused.*why="?${word}"?`), word);
  }
  assert.doesNotMatch(log, /Mallory|mallory|leaver|the secret of the tests|eyJ/);
  weft.verify();
});
