// Reads frames (4 bytes of length, big-endian, then so many bytes) from standard input; parses each
// as the requests of one connection with node's own parser, llhttp; and writes one line for each: a
// list of [method, target, body] with the body in hexadecimal, or an error.
'use strict';
const binding = process.binding('http_parser');
const { HTTPParser } = binding;
const methods = binding.allMethods || binding.methods;

function parse(bytes) {
  const requests = [];
  let offset = 0;
  while (offset < bytes.length) {
    let current = null;
    let upgraded = false;
    const parser = new HTTPParser();
    parser.initialize(HTTPParser.REQUEST, {}, 1 << 20, 0);
    let early = ''; // of a target, with the first of many fields; later calls are trailers
    parser[HTTPParser.kOnHeaders | 0] = (fields, url) => { if (!current) early += url; };
    parser[HTTPParser.kOnHeadersComplete | 0] =
      (major, minor, headers, method, url, status, message, upgrade) => {
        current = { method: methods[method], url: early + (url || ''), body: [] };
        early = '';
        upgraded = upgrade;
        return 0;
      };
    parser[HTTPParser.kOnBody | 0] = (chunk) => { current.body.push(Buffer.from(chunk)); };
    parser[HTTPParser.kOnMessageComplete | 0] = () => {
      requests.push([current.method, current.url, Buffer.concat(current.body).toString('hex')]);
      current = null;
    };
    const done = parser.execute(bytes.subarray(offset));
    if (done instanceof Error) {
      return { error: done.code + ' ' + done.reason, requests };
    }
    if (!upgraded || done === 0) {
      break;
    }
    offset += done;
  }
  return { requests };
}

const input = require('fs').readFileSync(0);
const lines = [];
for (let at = 0; at < input.length;) {
  const length = input.readUInt32BE(at);
  const result = parse(input.subarray(at + 4, at + 4 + length));
  at += 4 + length;
  const list = result.requests.map((r) => r[0] + ' ' + r[1] + ' ' + r[2]).join('|');
  lines.push(result.error ? 'error ' + result.error + '|' + list : list);
}
process.stdout.write(lines.join('\n') + '\n');
