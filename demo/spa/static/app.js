// The page: who is signed in, and the three buttons.

import * as tokens from './tokens.js';

const at = (id) => document.getElementById(id);
let refreshed = 0;

function show(user, text) {
  at('outside').hidden = user !== null;
  at('inside').hidden = user === null;
  at('status').textContent = text;
  if (user) {
    at('name').textContent = user.name;
    at('email').textContent = user.email;
  }
}

async function look() {
  if (!tokens.signedIn()) return show(null, 'You are signed out.');
  try {
    show(await tokens.call('/api/auth/me'), 'You are signed in.');
  } catch (error) {
    show(null, error.message);
  }
}

// Fairlead ends every sign-in at /login, with a code or with an error.
async function arrive() {
  const query = new URLSearchParams(location.search);
  history.replaceState(null, '', '/'); // the code leaves the address before anything else happens
  if (query.has('error')) return show(null, `That did not work: ${query.get('error')}.`);
  try {
    const wanted = await tokens.arrive(query.get('code'));
    if (wanted.startsWith('/')) history.replaceState(null, '', wanted);
    await look();
  } catch (error) {
    show(null, error.message);
  }
}

function button(id, act) {
  at(id).addEventListener('click', async () => {
    at(id).disabled = true;
    try {
      await act();
    } catch (error) {
      at('status').textContent = error.message;
    }
    at(id).disabled = false;
  });
}

button('sign-in', () => tokens.leaveForSignIn('/'));
button('refresh', async () => {
  await tokens.refresh();
  refreshed += 1;
  at('count').textContent = String(refreshed);
});
button('sign-out', async () => {
  await tokens.signOut();
  show(null, 'You are signed out.');
});
tokens.onOtherTab(look);
await tokens.configure();
await (location.pathname === '/login' ? arrive() : look());
