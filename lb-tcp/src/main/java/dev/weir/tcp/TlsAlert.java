package dev.weir.tcp;

/** What a TLS client hears instead of an answer (RFC 8446 section 6): fatal alerts of ours. */
enum TlsAlert {
  /** Its hello cannot be read. */
  DECODE_ERROR(50),
  /** Nobody here has the name that it asks for (RFC 6066 section 3). */
  UNRECOGNIZED_NAME(112);

  private static final int ALERT = 21;
  private static final int FATAL = 2;

  private final int description;

  TlsAlert(int description) {
    this.description = description;
  }

  /** The whole record, in the clear as before any handshake. */
  byte[] record() {
    return new byte[] {ALERT, 3, 3, 0, 2, FATAL, (byte) description};
  }
}
