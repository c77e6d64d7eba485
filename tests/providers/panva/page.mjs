// The page on which a person with a browser says who they are.

function escape(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function chooser(accounts) {
  const buttons = accounts.map((id) => `<button name="account" value="${escape(id)}">${escape(id)}</button>`).join(' ');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>The other provider</title><link rel="icon" href="data:,"></head>
<body><main><h1>Who are you?</h1>
<form method="post">${buttons}</form>
<form method="post"><label>Account <input name="account" required></label> <button>Sign in</button></form>
<form method="post"><button name="cancel" value="yes">Cancel</button></form>
</main></body></html>`;
}
