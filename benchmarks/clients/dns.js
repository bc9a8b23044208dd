// A name server and a syslog collector for benchmarks/clients/udp, on UDP and TCP. Prints its port.
// Any A query is answered with 192.0.2.7; TXT of "<n>.long.test." with n bytes of text, cut off (TC) where
// the client's buffer is smaller. What does not look like a query is a log line, counted in the file named.
'use strict';
const dgram = require('dgram');
const fs = require('fs');
const net = require('net');

const lines = process.argv[2];

function question(query) {
  const labels = [];
  let at = 12;
  while (query[at]) {
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
    at += 1 + query[at];
  }
  return { labels, type: query.readUInt16BE(at + 1), end: at + 5 };
}

function bufferOf(query, end) { // of the OPT record (RFC 6891), which stands alone behind the question
  return query.readUInt16BE(10) === 1 && query[end] === 0 ? query.readUInt16BE(end + 3) : 512;
}

function text(length) { // a TXT record's data: strings of at most 255 bytes
  const parts = [];
  for (let left = length; left > 0; left -= 255) {
    const size = Math.min(255, left);
    parts.push(Buffer.from([size]), Buffer.alloc(size, 'w'));
  }
  return Buffer.concat(parts);
}

function answer(query, limit) {
  const { labels, type, end } = question(query);
  const data = type === 16 ? text(Number(labels[0])) : Buffer.from([192, 0, 2, 7]);
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(type, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt16BE(data.length, 10);
  const head = Buffer.from(query.subarray(0, end));
  head[2] = (head[2] & 1) | 0x84;
  head[3] = 0;
  head.writeUInt16BE(1, 6);
  head.writeUInt32BE(0, 8);
  const whole = Buffer.concat([head, record, data]);
  if (whole.length <= (limit || bufferOf(query, end))) {
    return whole;
  }
  head[2] |= 2;
  head.writeUInt16BE(0, 6);
  return head;
}

const tcp = net.createServer((socket) => {
  let all = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (data) => {
    all = Buffer.concat([all, data]);
    if (all.length >= 2 && all.length >= 2 + all.readUInt16BE(0)) {
      const reply = answer(all.subarray(2), 65535);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.end(Buffer.concat([length, reply]));
    }
  });
});

tcp.listen(0, '127.0.0.1', () => {
  const port = tcp.address().port;
  const udp = dgram.createSocket('udp4');
  udp.on('message', (data, from) => {
    if (/^<[0-9]+>/.test(data.toString('latin1'))) { // RFC 5424
      fs.appendFileSync(lines, `${data}\n`);
    } else {
      udp.send(answer(data), from.port, from.address);
    }
  });
  udp.bind(port, '127.0.0.1', () => console.log(port));
});
