// A provider that others wrote and certified: npm's `oidc-provider`, on this machine, with the people and clients of the tests.
// It answers its own login page by itself; everything else is its own.

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { SECRET } from './house.mjs';

export const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 });

const role = (org_code, role_code, more = {}) => ({ org_code, role_code: `S8000:G8000:${role_code}`, activity_codes: ['B0570'], ...more });

// Who can sign in, and what the provider says of them.
const PEOPLE = {
  gp: { name: 'Dr Asha Winter', nhsid_nrbac_roles: [role('P88002', 'R0260')] },
  both: { name: 'Dr Ben Spring', nhsid_nrbac_roles: [role('P88002', 'R0260'), role('RWJ', 'R0050')] },
  stranger: { name: 'Cleo Summer', nhsid_nrbac_roles: [role('P88002', 'R9999'), role('ZZZ99', 'R0260')] },
  weak: { name: 'Dr Dan Autumn', acr: 'AAL1_USERPASS', nhsid_nrbac_roles: [role('P88002', 'R0260')] },
  margaret: { given_name: 'Margaret', family_name: 'Ashworth', nhs_number: '9990001006', vot: 'P9.Cp.Cd', identity_proofing_level: 'P9' },
  unproved: { given_name: 'Margaret', family_name: 'Ashworth', nhs_number: '9990001006', vot: 'P5.Cp', identity_proofing_level: 'P5' },
  nobody: { given_name: 'Nobody', family_name: 'Here', nhs_number: '9990999007', vot: 'P9.Cp.Cd', identity_proofing_level: 'P9' },
  worker: { name: 'Eve Council', roles: ['weft-social-worker-marple'], amr: ['pwd', 'mfa'] },
  analyst: { name: 'Finn Council', roles: ['weft-analyst'], amr: ['pwd'] },
};

export async function startProvider(port, weft, host = '127.0.0.1') {
  const issuer = `http://${host}:${port}`;
  let next = 'gp';
  const client = (client_id, more = {}) => ({
    client_id,
    client_secret: SECRET,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: ['cis2', 'login', 'council', 'keyed'].map((id) => `${weft()}/sign-in/${id}/return`),
    post_logout_redirect_uris: [`${weft()}/signed-out`],
    ...more,
  });
  const jwk = { ...KEY.publicKey.export({ format: 'jwk' }), kid: 'weft-1', use: 'sig', alg: 'RS512' };
  const provider = () =>
    new Provider(issuer, {
      clients: [
        ...['weft', 'weft-login', 'weft-council'].map((id) =>
          client(id, { backchannel_logout_uri: `${weft()}/sign-in/${{ weft: 'cis2', 'weft-login': 'login', 'weft-council': 'council' }[id]}/logout`, backchannel_logout_session_required: true }),
        ),
        client('weft-keyed', {
          client_secret: undefined,
          token_endpoint_auth_method: 'private_key_jwt',
          token_endpoint_auth_signing_alg: 'RS512',
          jwks: { keys: [jwk] },
        }),
      ],
      scopes: ['openid', 'profile', 'nationalrbacaccess'],
      claims: {
        openid: ['sub', 'sid'],
        acr: null,
        auth_time: null,
        sid: null,
        profile: ['name', 'given_name', 'family_name', 'nhs_number', 'vot', 'identity_proofing_level', 'roles', 'amr'],
        nationalrbacaccess: ['name', 'nhsid_nrbac_roles'],
      },
      acrValues: ['AAL1_USERPASS', 'AAL2_OR_AAL3_ANY', 'AAL3_ANY'],
      conformIdTokenClaims: false,
      enabledJWA: { clientAuthSigningAlgValues: ['RS512'] },
      extraParams: ['vtr'],
      // It asks nobody on its own machine, to protect itself; here that is where everybody is.
      fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
      pkce: { required: () => true },
      features: {
        devInteractions: { enabled: false },
        backchannelLogout: { enabled: true },
        rpInitiatedLogout: {
          enabled: true,
          logoutSource(ctx, form) {
            ctx.body = `<!DOCTYPE html>${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`;
          },
        },
      },
      async findAccount(_, id) {
        const { acr, nhsid_nrbac_roles, ...claims } = PEOPLE[id];
        // As NHS CIS2 does: the roles come from userinfo, not with the token.
        return { accountId: id, claims: (use) => ({ sub: id, ...claims, ...(use === 'userinfo' && { nhsid_nrbac_roles }) }) };
      },
      // The consent that an organisation gives for all its staff.
      async loadExistingGrant(ctx) {
        const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
        grant.addOIDCScope('openid profile nationalrbacaccess');
        await grant.save();
        return grant;
      },
      interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
      jwks: { keys: [{ ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), kid: 'op-1', use: 'sig', alg: 'RS256' }] },
      cookies: { keys: ['of the tests'] },
      ttl: { Session: 3600, Grant: 3600, Interaction: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
    });
  const heard = (op) => {
    for (const event of ['server_error', 'authorization.error', 'grant.error', 'backchannel.error']) {
      op.on(event, (...told) => process.env.DEBUG_PROVIDER && console.error(event, told.at(event === 'backchannel.error' ? 1 : -1)));
    }
    return op;
  };
  let inner;
  let callback;
  const server = createServer(async (request, response) => {
    inner ??= heard(provider());
    callback ??= inner.callback();
    if (request.url.startsWith('/login/')) {
      const { acr = 'AAL2_OR_AAL3_ANY', amr } = PEOPLE[next];
      await inner.interactionFinished(request, response, { login: { accountId: next, acr, amr } }, { mergeWithLastSubmission: false });
    } else if (request.url === '/favicon.ico') {
      response.writeHead(204).end();
    } else {
      callback(request, response);
    }
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    issuer,
    as: (person) => {
      next = person;
    },
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}
