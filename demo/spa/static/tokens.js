// Getting, keeping and renewing Fairlead's tokens. Nothing here knows the page.

const REFRESH = 'refresh_token';
const VERIFIER = 'code_verifier';
let access = null; // in memory alone: gone with the tab
let fairlead = '';

export async function configure() {
  fairlead = (await (await fetch('/config.json')).json()).fairlead;
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

async function post(path, body) {
  const answer = await fetch(fairlead + path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), credentials: 'omit',
  });
  const document = answer.status === 204 ? {} : await answer.json();
  if (!answer.ok) throw Object.assign(new Error(document.detail), { code: document.code, status: answer.status });
  return document;
}

function keep(tokens) {
  access = tokens.access_token;
  localStorage.setItem(REFRESH, tokens.refresh_token);
}

function forget() {
  access = null;
  localStorage.removeItem(REFRESH);
}

// The verifier stays in this tab. Whoever sees the code in the address can do nothing without it.
export async function leaveForSignIn(redirect) {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  sessionStorage.setItem(VERIFIER, verifier);
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    redirect, code_challenge: base64url(new Uint8Array(hash)), code_challenge_method: 'S256',
  });
  location.assign(`${fairlead}/api/auth/oidc/initiate?${query}`);
}

// The end of the trip. Returns where the person wanted to go.
export async function arrive(code) {
  const verifier = sessionStorage.getItem(VERIFIER) ?? '';
  sessionStorage.removeItem(VERIFIER);
  const answer = await post('/api/auth/oidc/exchange', { code, code_verifier: verifier });
  keep(answer);
  return answer.redirectUrl;
}

export function signedIn() {
  return localStorage.getItem(REFRESH) !== null;
}

// A refresh token works once. Tabs share it, so one tab at a time renews it, and each looks for the newest first. Where
// the browser has no locks, Fairlead's grace of ten seconds gives two tabs that were quick the same successor.
export function refresh() {
  const renew = async () => {
    const token = localStorage.getItem(REFRESH);
    if (token === null) throw Object.assign(new Error('Signed out in another tab.'), { status: 401 });
    try {
      keep(await post('/api/auth/refresh', { refresh_token: token }));
    } catch (error) {
      // Only a refusal ends the session; an outage does not.
      if (error.status === 401 || error.status === 403) forget();
      throw error;
    }
  };
  return navigator.locks ? navigator.locks.request('refresh', renew) : renew();
}

// A call of the application's API: with a token, and once more with a new one.
export async function call(path) {
  if (access === null) await refresh();
  const ask = () => fetch(fairlead + path, { headers: { Authorization: `Bearer ${access}` }, credentials: 'omit' });
  let answer = await ask();
  if (answer.status === 401) {
    await refresh();
    answer = await ask();
  }
  if (!answer.ok) throw Object.assign(new Error((await answer.json()).detail), { status: answer.status });
  return answer.json();
}

export async function signOut() {
  const token = localStorage.getItem(REFRESH);
  forget();
  if (token !== null) await post('/api/auth/logout', { refresh_token: token });
}

// Calls back when another tab signed out or in.
export function onOtherTab(changed) {
  addEventListener('storage', (event) => {
    if (event.key !== REFRESH && event.key !== null) return;
    if (event.newValue === null) access = null;
    if ((event.newValue === null) !== (event.oldValue === null)) changed();
  });
}
