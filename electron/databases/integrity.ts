/** Something that a database itself does not hold to be sound, or has not checked. */
export interface IntegrityFinding {
  /** Equal for the same thing at another time. */
  readonly key: string;
  /** In one sentence. */
  readonly message: string;
}
