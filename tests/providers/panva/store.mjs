// What the provider remembers, in the memory of this process. Unlike the built-in one it outlives a change of keys,
// which makes a new Provider, so that a sign-in under way goes on.

const rows = new Map();

export class Store {
  constructor(model) {
    this.model = model;
  }

  key(id) {
    return `${this.model}:${id}`;
  }

  async upsert(id, payload, expiresIn) {
    rows.set(this.key(id), { payload, until: expiresIn ? Date.now() + expiresIn * 1000 : Infinity });
    if (rows.size > 20000) sweep();
  }

  async find(id) {
    const row = rows.get(this.key(id));
    return row && row.until > Date.now() ? row.payload : undefined;
  }

  async findByUid(uid) {
    for (const [key, row] of rows) {
      if (key.startsWith(`${this.model}:`) && row.payload.uid === uid) return row.payload;
    }
    return undefined;
  }

  async consume(id) {
    const row = rows.get(this.key(id));
    if (row) row.payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    rows.delete(this.key(id));
  }

  async revokeByGrantId(grantId) {
    for (const [key, row] of rows) if (row.payload.grantId === grantId) rows.delete(key);
  }
}

function sweep() {
  for (const [key, row] of rows) if (row.until <= Date.now()) rows.delete(key);
}
