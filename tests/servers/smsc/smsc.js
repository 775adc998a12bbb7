// An SMPP carrier for the tests: JSON lines in on stdin, JSON lines out on stdout.
//
// in   {"deliver": {from, to, udh, hex}}       a (part of a) message from a phone, UCS-2 in hex
//      {"receipt": {id, from, to, stat}}       a delivery receipt for a submitted message
//      {"status": n}                           answer further submissions with this SMPP status
// out  {"listening": port}, {"bound": true}, {"delivered": count}, {"answering": n},
//      {"submitted": {id, from, to, coding, udh, hex}}
"use strict";
const readline = require("node:readline");
const smpp = require("smpp");

// Texts stay bytes: the tests look at what goes over the air, not at what a library makes of it.
smpp.encodings.default = "BYTES";
smpp.encodings.BYTES = { match: () => true, encode: (value) => value, decode: (value) => value };
for (const name of ["ASCII", "LATIN1", "UCS2"]) delete smpp.encodings[name];

const UDH_INDICATOR = 0x40;
const RECEIPT = 0x04;
const UCS2 = 8;

let session = null;
let submitted = 0;
let delivered = 0;
let status = 0;

const say = (value) => process.stdout.write(JSON.stringify(value) + "\n");
const hex = (buffer) => Buffer.from(buffer).toString("hex");

// The library gives the user data header as a list of its elements: put its length in front again.
function headerHex(elements) {
  if (!elements) return "";
  const octets = Buffer.concat(elements);
  return hex([octets.length]) + hex(octets);
}

const server = smpp.createServer((client) => {
  client.on("error", () => {});
  client.on("bind_transceiver", (pdu) => {
    session = client;
    client.send(pdu.response({ system_id: "carrier" }));
    say({ bound: true });
  });
  client.on("enquire_link", (pdu) => client.send(pdu.response()));
  client.on("unbind", (pdu) => client.send(pdu.response()));
  client.on("submit_sm", (pdu) => {
    if (status !== 0) {
      client.send(pdu.response({ command_status: status }));
      return;
    }
    const id = String(++submitted);
    client.send(pdu.response({ message_id: id }));
    say({
      submitted: {
        id,
        from: pdu.source_addr,
        to: pdu.destination_addr,
        coding: pdu.data_coding,
        udh: headerHex(pdu.short_message.udh),
        hex: hex(pdu.short_message.message),
      },
    });
  });
});

server.listen(Number(process.argv[2]), "127.0.0.1", () => say({ listening: server.address().port }));

function deliver(fields) {
  session.deliver_sm({ source_addr_ton: 1, source_addr_npi: 1, ...fields }, () =>
    say({ delivered: ++delivered }),
  );
}

const commands = {
  deliver: ({ from, to, udh, hex: body }) =>
    deliver({
      source_addr: from,
      destination_addr: to,
      data_coding: UCS2,
      esm_class: udh ? UDH_INDICATOR : 0,
      short_message: Buffer.from(udh + body, "hex"),
    }),
  receipt: ({ id, from, to, stat }) =>
    deliver({
      source_addr: from,
      destination_addr: to,
      esm_class: RECEIPT,
      short_message: Buffer.from(
        `id:${id} sub:001 dlvrd:001 submit date:2611212100 done date:2611212101 stat:${stat} err:000 text:`,
      ),
    }),
  status: (value) => {
    status = value;
    say({ answering: status });
  },
};

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  for (const [name, value] of Object.entries(JSON.parse(line))) commands[name](value);
});
process.stdin.on("close", () => process.exit(0));
