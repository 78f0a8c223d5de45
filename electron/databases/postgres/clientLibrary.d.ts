/** What `pg` signs in with; its types leave it out. */
declare module 'pg/lib/crypto/utils.js' {
  const crypto: {
    deriveKey(password: string, salt: Uint8Array, rounds: number): Promise<ArrayBuffer | Uint8Array>;
    sha256(bytes: ArrayBuffer | Uint8Array): Promise<ArrayBuffer | Uint8Array>;
    hmacSha256(key: ArrayBuffer | Uint8Array, text: string): Promise<ArrayBuffer | Uint8Array>;
  };
  export default crypto;
}
