// Cuts the bytes of a database's protocol into its messages.
//
// PostgreSQL: one byte of type, four of length (www.postgresql.org/docs/15/protocol-message-formats.html); what opens a
// connection has no type. MySQL, MariaDB: three bytes of length, one of sequence
// (mariadb.com/docs/server/reference/clientserver-protocol/0-packet).

export type Protocol = 'postgres' | 'mysql';
export type Sender = 'client' | 'server';

/** Gives the messages that are complete with these bytes. */
export type Framer = (bytes: Buffer) => Buffer[];

/** Length of the message that begins the bytes; null when that is not known yet. */
type Measure = (bytes: Buffer) => number | null;

export function createFramer(protocol: Protocol, sender: Sender): Framer {
  const measure = protocol === 'mysql' ? measureMysql : measurePostgres(sender);
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const messages: Buffer[] = [];
    for (let length = measure(rest); length !== null && rest.length >= length; length = measure(rest)) {
      messages.push(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    return messages;
  };
}

const measureMysql: Measure = (bytes) => (bytes.length < 4 ? null : bytes.readUIntLE(0, 3) + 4);

const startupMessage = 196_608;

function measurePostgres(sender: Sender): Measure {
  let opening = sender === 'client';
  return (bytes) => {
    if (!opening) return bytes.length < 5 ? null : bytes.readUInt32BE(1) + 1;
    if (bytes.length < 8) return null;
    const length = bytes.readUInt32BE(0);
    // Requests for encryption or cancelling may come before.
    if (bytes.length >= length && bytes.readUInt32BE(4) === startupMessage) opening = false;
    return length;
  };
}
