// A provider that lies in whichever way a test asks for: with keys of its own, and every answer to be bent.

import { createHmac, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const base64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export function newKey(kid) {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...pair, kid, jwk: { ...pair.publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' } };
}

// A token with these claims, signed in this way.
export function signed(claims, key, { alg = 'RS256', kid = key.kid, typ } = {}) {
  const words = `${base64({ alg, kid, ...(typ && { typ }) })}.${base64(claims)}`;
  if (alg === 'none') {
    return `${words}.`;
  }
  if (alg === 'HS256') {
    // The oldest trick: the public key as the secret.
    const secret = key.publicKey.export({ type: 'spki', format: 'pem' });
    return `${words}.${createHmac('sha256', secret).update(words).digest('base64url')}`;
  }
  return `${words}.${createSign('RSA-SHA256').update(words).sign(key.privateKey).toString('base64url')}`;
}

export async function startEvil(port = 0) {
  const key = newKey('k1');
  const evil = { key, keys: [key.jwk], bend: {}, codes: new Map(), asked: [], forms: [] };
  const answer = async (request, response) => {
    const url = new URL(request.url, evil.issuer);
    evil.asked.push(url.pathname);
    const json = (value, status = 200) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (url.pathname === '/.well-known/openid-configuration') {
      json({
        issuer: evil.issuer,
        authorization_endpoint: `${evil.issuer}/authorize`,
        token_endpoint: `${evil.issuer}/token`,
        jwks_uri: `${evil.issuer}/keys`,
        authorization_response_iss_parameter_supported: true,
        ...evil.bend.discovery,
      });
    } else if (url.pathname === '/keys') {
      if (evil.bend.hugeKeys) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ keys: evil.keys, padding: 'x'.repeat(10 * 1024 * 1024) }));
      } else {
        json({ keys: evil.keys });
      }
    } else if (url.pathname === '/authorize') {
      const code = randomUUID();
      evil.codes.set(code, { nonce: url.searchParams.get('nonce'), challenge: url.searchParams.get('code_challenge'), asked: url.searchParams });
      const back = new URL(url.searchParams.get('redirect_uri'));
      const returned = { code, state: url.searchParams.get('state'), iss: evil.issuer, ...evil.bend.returned };
      for (const [name, value] of Object.entries(returned)) {
        if (value !== undefined) {
          back.searchParams.set(name, value);
        }
      }
      response.writeHead(303, { location: back.href }).end();
    } else if (url.pathname === '/token') {
      let text = '';
      for await (const part of request) {
        text += part;
      }
      const form = new URLSearchParams(text);
      evil.forms.push(form);
      if (evil.bend.redirectToken) {
        response.writeHead(307, { location: evil.bend.redirectToken }).end();
        return;
      }
      const kept = evil.codes.get(form.get('code'));
      evil.codes.delete(form.get('code'));
      if (!kept) {
        json({ error: 'invalid_grant' }, 400);
        return;
      }
      const now = Math.floor(Date.now() / 1000);
      const claims = {
        iss: evil.issuer, sub: 'mallory', aud: 'weft', exp: now + 300, iat: now, nonce: kept.nonce, auth_time: now,
        acr: 'AAL3_ANY', name: 'Mallory Evil', sid: 's1',
        nhsid_nrbac_roles: [{ org_code: 'P88002', role_code: 'S8000:G8000:R0260' }],
        ...evil.bend.claims,
      };
      for (const [name, value] of Object.entries(claims)) {
        if (value === undefined) {
          delete claims[name];
        }
      }
      json({ access_token: 'access', token_type: 'Bearer', id_token: signed(claims, evil.bend.key ?? evil.key, evil.bend.header), ...evil.bend.token });
    } else if (url.pathname === '/userinfo') {
      json(evil.bend.userinfo ?? { sub: 'somebody else' });
    } else {
      json({}, 404);
    }
  };
  const start = () => {
    evil.server = createServer((request, response) => {
      answer(request, response).catch(() => response.destroy());
    });
    return new Promise((resolve) => evil.server.listen(evil.port ?? port, '127.0.0.1', resolve));
  };
  await start();
  evil.port = evil.server.address().port;
  evil.issuer = `http://127.0.0.1:${evil.port}`;
  evil.start = start;
  evil.stop = () => new Promise((resolve) => {
    evil.server.close(resolve);
    evil.server.closeAllConnections();
  });
  return evil;
}
