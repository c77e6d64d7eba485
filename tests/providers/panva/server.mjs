// An OpenID provider unlike the demo one in everything that matters to a relying party: claims at userinfo alone,
// opaque access tokens with introspection, `iss` in the callback, S256 demanded, RS256 for some clients and ES256 for
// others, an issuer without a path. Started by tests/providers/panva.py; /control/* is for the tests.

import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import * as keys from './keys.mjs';
import { chooser } from './page.mjs';
import { Store } from './store.mjs';

const port = Number(process.env.PANVA_PORT);
const issuer = `http://127.0.0.1:${port}`;
const appUrls = new Set();
const people = new Map();
const counts = {};
let milliseconds = 0; // that the token endpoint takes before it answers
const counted = {
  '/.well-known/openid-configuration': 'discovery', '/jwks': 'keys', '/token': 'token', '/me': 'userinfo',
  '/token/introspection': 'introspection', '/auth': 'authorization', '/picture.png': 'picture',
};
const portrait = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

function claimsOf(id) {
  return people.get(id) ?? { email: `${id}@example.org`, email_verified: true, name: `Person ${id}` };
}

function clients() {
  const callbacks = [...appUrls, 'http://127.0.0.1'].map((url) => `${url}/api/auth/oidc/callback`);
  const leaving = [...appUrls, 'http://127.0.0.1'].map((url) => `${url}/login`);
  const secret = process.env.PANVA_CLIENT_SECRET;
  const common = { grant_types: ['authorization_code'], response_types: ['code'], redirect_uris: callbacks };
  const open = { token_endpoint_auth_method: 'none' };
  return [
    {
      ...common, client_id: 'fairlead-post', client_secret: secret, token_endpoint_auth_method: 'client_secret_post',
      post_logout_redirect_uris: leaving,
    },
    {
      ...common, client_id: 'fairlead-basic', client_secret: secret, token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'ES256',
    },
    { ...common, ...open, client_id: 'fairlead-public' },
    { ...common, ...open, client_id: 'fairlead-mobile', redirect_uris: ['http://127.0.0.1/mobile'] },
    { ...common, ...open, client_id: 'another-app', redirect_uris: ['http://127.0.0.1/another'] },
    { ...common, ...open, client_id: 'organization-app', redirect_uris: ['http://127.0.0.1/organization'] },
  ];
}

async function grantEverything(ctx) {
  const grant = new ctx.oidc.provider.Grant({
    clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId,
  });
  grant.addOIDCScope('openid email profile');
  await grant.save();
  return grant;
}

function build() {
  const provider = new Provider(issuer, {
    adapter: Store,
    clients: clients(),
    jwks: { keys: keys.load() },
    cookies: { keys: [process.env.PANVA_CLIENT_SECRET], names: { session: 'panva', interaction: 'panva-i', resume: 'panva-r' } },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'picture'] },
    findAccount: (ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, ...claimsOf(id) }) }),
    loadExistingGrant: grantEverything,
    issueRefreshToken: () => false,
    responseTypes: ['code'],
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: () => true },
      rpInitiatedLogout: { enabled: true },
    },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Grant: 600, Interaction: 600, Session: 3600 },
    renderError: (ctx, out) => { ctx.type = 'text/plain'; ctx.body = `${out.error}: ${out.error_description}`; },
  });
  provider.on('server_error', (ctx, error) => console.error(error));
  return provider;
}

let provider;
let handle;
function rebuild() {
  provider = build();
  handle = provider.callback();
}

async function body(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

async function control(action, request, response) {
  const asked = request.method === 'POST' ? JSON.parse((await body(request)) || '{}') : {};
  if (action === 'reset') for (const name of Object.keys(counts)) delete counts[name];
  if (action === 'rotate') keys.rotate(Boolean(asked.removeOld));
  if (action === 'app-url') appUrls.add(asked.url);
  if (action === 'pace') milliseconds = asked.milliseconds;
  if (action === 'people') people.set(asked.sub, asked.claims);
  if (action === 'rotate' || action === 'app-url') rebuild();
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(counts));
}

// A request that names the account in login_hint (or sends the cookie panva-account) signs in by itself; others get a page.
async function interaction(request, response) {
  const { params, prompt } = await provider.interactionDetails(request, response);
  const cookie = /(?:^|; )panva-account=([^;]+)/.exec(request.headers.cookie ?? '');
  let account = params.login_hint ?? (cookie && decodeURIComponent(cookie[1]));
  if (request.method === 'POST') {
    const form = new URLSearchParams(await body(request));
    if (form.has('cancel')) return finish(request, response, { error: 'access_denied', error_description: 'cancelled' });
    account = form.get('account');
  }
  if (prompt.name === 'login' && !account) {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    return response.end(chooser([...people.keys()]));
  }
  return finish(request, response, { login: { accountId: account }, consent: {} });
}

function finish(request, response, result) {
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

rebuild();
createServer(async (request, response) => {
  const { pathname } = new URL(request.url, issuer);
  if (counted[pathname]) counts[counted[pathname]] = (counts[counted[pathname]] ?? 0) + 1;
  try {
    if (pathname.startsWith('/control/')) return await control(pathname.slice('/control/'.length), request, response);
    if (pathname.startsWith('/interaction/')) return await interaction(request, response);
    if (pathname === '/picture.png') return response.setHeader('Content-Type', 'image/png').end(portrait);
    if (milliseconds && pathname === '/token') await new Promise((go) => setTimeout(go, milliseconds));
    return handle(request, response);
  } catch (error) {
    console.error(error);
    response.statusCode = error.statusCode ?? 500;
    return response.end(error.message);
  }
}).listen(port, '127.0.0.1', () => console.log('listening'));
