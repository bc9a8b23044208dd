// Node as a client, without packages: node client.js PORT CHECK. Prints why it failed and ends with 1.
'use strict';
const assert = require('assert');
const crypto = require('crypto');
const http = require('http');
const net = require('net');

const port = Number(process.argv[2]);

function exchange(options, pieces, trailers) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, ...options }, (response) => {
      const all = [];
      response.on('data', (some) => all.push(some));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ request, response, body: Buffer.concat(all), trailers: response.trailers }),
      );
    });
    request.on('error', reject);
    for (const piece of pieces || []) {
      request.write(piece);
    }
    if (trailers) {
      request.addTrailers(trailers);
    }
    request.end();
  });
}

const checks = {
  async 'keep-alive'() {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 50; i++) {
      const { request, response, body } = await exchange({ agent, path: `/bytes/${i * 1000}` });
      assert.strictEqual(response.statusCode, 200);
      assert.strictEqual(body.length, i * 1000);
      assert.strictEqual(request.reusedSocket, i > 0, `request ${i} took a new connection`);
    }
    agent.destroy();
  },

  async trailers() {
    const headers = { 'Transfer-Encoding': 'chunked', Trailer: 'X-Check', TE: 'trailers' };
    const sent = await exchange(
      { method: 'POST', path: '/echo', headers },
      ['one', 'two'],
      { 'X-Check': 'three' },
    );
    const seen = JSON.parse(sent.body);
    assert.strictEqual(seen.length, 6);
    assert.strictEqual(seen.trailers['x-check'], 'three', 'the trailer of the request');
    const got = await exchange({ path: '/trailers', headers: { TE: 'trailers' } });
    assert.strictEqual(got.body.toString(), 'firstsecond');
    assert.strictEqual(got.trailers['x-sum'], 'seventeen', 'the trailer of the answer');
  },

  /** The handshake by node's own upgrade event; frames of all three lengths by hand. */
  async upgrade() {
    const key = crypto.randomBytes(16).toString('base64');
    const headers = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Key': key,
      'Sec-WebSocket-Version': 13,
    };
    const socket = await new Promise((resolve, reject) => {
      const request = http.get({ host: '127.0.0.1', port, path: '/ws', headers });
      request.on('upgrade', (response, opened) => resolve(opened));
      request.on('response', (response) => reject(new Error(`answer ${response.statusCode}`)));
      request.on('error', reject);
    });
    assert(socket instanceof net.Socket);
    for (const length of [5, 5000, 100000]) {
      const payload = crypto.randomBytes(length);
      socket.write(masked(payload));
      const back = await exactly(socket, payload.length + (length < 126 ? 2 : length < 65536 ? 4 : 10));
      assert(back.subarray(back.length - length).equals(payload), `a frame of ${length} bytes`);
    }
    socket.end();
    await new Promise((resolve) => socket.on('close', resolve).resume());
  },

  /** The client that newer versions of node have. */
  async websocket() {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
    socket.binaryType = 'arraybuffer';
    await new Promise((resolve, reject) => {
      socket.onopen = () => socket.send('hello');
      socket.onerror = () => reject(new Error('an error'));
      socket.onclose = () => reject(new Error('closed too early'));
      socket.onmessage = (event) => {
        if (event.data === 'hello') {
          socket.send(new Uint8Array(70000));
        } else if (event.data.byteLength === 70000) {
          socket.onclose = (end) => (end.wasClean ? resolve() : reject(new Error('no clean end')));
          socket.close(1000);
        } else {
          reject(new Error('another message than was sent'));
        }
      };
    });
  },
};

function masked(payload) {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65536 ? 4 : 10);
  head[0] = 0x82;
  head[1] = 0x80 | (length < 126 ? length : length < 65536 ? 126 : 127);
  if (head.length === 4) {
    head.writeUInt16BE(length, 2);
  } else if (head.length === 10) {
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  const mask = crypto.randomBytes(4);
  return Buffer.concat([head, mask, payload.map((b, i) => b ^ mask[i & 3])]);
}

function exactly(socket, count) {
  return new Promise((resolve, reject) => {
    let all = Buffer.alloc(0);
    const more = (some) => {
      all = Buffer.concat([all, some]);
      if (all.length >= count) {
        socket.removeListener('data', more);
        resolve(all);
      }
    };
    socket.on('data', more);
    socket.once('close', () => reject(new Error(`closed after ${all.length} of ${count} bytes`)));
  });
}

if (process.argv[3] === 'websocket' && typeof WebSocket === 'undefined') {
  console.log(`node ${process.version} has no WebSocket`);
  process.exit(3);
}
checks[process.argv[3]]().then(
  () => process.exit(0),
  (failure) => {
    console.log(failure.message);
    process.exit(1);
  },
);
