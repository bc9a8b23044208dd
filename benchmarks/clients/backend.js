// The backend of benchmarks/clients/run, in plain node: answers that clients can check, an echoing
// WebSocket (RFC 6455), and the page that a browser runs. Prints its port.
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const path = require('path');

const WEBSOCKET = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const HOLD_MILLIS = 20000;
const LARGEST_FRAME = 1 << 20;
const held = new Set();

const bytes = (count) => Buffer.alloc(count, 'weir.');

function sized(request, response, count) {
  const body = bytes(Math.min(count, 1 << 24));
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range || '');
  if (range) {
    const part = body.subarray(Number(range[1]), Number(range[2]) + 1);
    response.writeHead(206, {
      'Content-Length': part.length,
      'Content-Range': `bytes ${range[1]}-${range[2]}/${body.length}`,
    });
    response.end(part);
    return;
  }
  response.writeHead(200, { 'Content-Length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** What arrived: length, hash, how it came, trailers. */
function described(request, response) {
  const hash = crypto.createHash('sha256');
  let length = 0;
  request.on('data', (chunk) => {
    hash.update(chunk);
    length += chunk.length;
  });
  request.on('end', () => {
    const seen = {
      length,
      sha256: hash.digest('hex'),
      coding: request.headers['transfer-encoding'] || 'length',
      version: request.httpVersion,
      trailers: request.trailers,
    };
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(`${JSON.stringify(seen)}\n`);
  });
}

const server = http.createServer((request, response) => {
  const target = request.url.split('?')[0];
  if (target.startsWith('/bytes/')) {
    sized(request, response, Number(target.slice(7)));
  } else if (target === '/echo') {
    described(request, response);
  } else if (target === '/trailers') {
    response.writeHead(200, { Trailer: 'X-Sum' });
    response.write('first');
    response.addTrailers({ 'X-Sum': 'seventeen' });
    response.end('second');
  } else if (target === '/page') {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end(fs.readFileSync(path.join(__dirname, 'page.html')));
  } else if (target === '/hold') {
    // keeps the page loading until its script has ended
    held.add(response);
    setTimeout(() => response.end(), HOLD_MILLIS).unref();
  } else if (target === '/release') {
    response.end('released');
    held.forEach((waiting) => waiting.end());
    held.clear();
  } else {
    response.writeHead(target === '/health' ? 200 : 404);
    response.end();
  }
});

/** Every frame of a client goes back as it came, but unmasked; a close frame ends it. */
server.on('upgrade', (request, socket) => {
  const accept = crypto
    .createHash('sha1')
    .update(request.headers['sec-websocket-key'] + WEBSOCKET)
    .digest('base64');
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  let left = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.end());
  socket.on('data', (some) => {
    left = Buffer.concat([left, some]);
    for (let frame = next(left); frame; frame = next(left)) {
      left = left.subarray(frame.end);
      socket.write(Buffer.concat([frame.head, frame.payload]));
      if ((frame.head[0] & 15) === 8) {
        socket.end();
        return;
      }
    }
    if (left.length > LARGEST_FRAME) {
      socket.destroy();
    }
  });
});

/** The first whole frame of a buffer, unmasked; null when there is none yet. */
function next(buffer) {
  if (buffer.length < 2) {
    return null;
  }
  const short = buffer[1] & 127;
  const wide = short === 126 ? 2 : short === 127 ? 8 : 0;
  const start = 2 + wide + 4;
  if (buffer.length < start) {
    return null;
  }
  const length =
    wide === 2 ? buffer.readUInt16BE(2) : wide === 8 ? Number(buffer.readBigUInt64BE(2)) : short;
  if (buffer.length < start + length) {
    return null;
  }
  const mask = buffer.subarray(2 + wide, start);
  const payload = Buffer.from(buffer.subarray(start, start + length)).map((b, i) => b ^ mask[i & 3]);
  const head = Buffer.from(buffer.subarray(0, 2 + wide));
  head[1] &= 127;
  return { head, payload, end: start + length };
}

server.listen(0, '127.0.0.1', () => console.log(server.address().port));
