package dev.weir.tcp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.weir.core.net.ClientAddress;
import dev.weir.core.net.ClientHello;
import dev.weir.core.net.ProxyTlvs;
import dev.weir.core.observe.EndSummary.Text;

/** What logs show of a session that came from outside; what the client says itself goes first. */
final class SessionTexts {
  private SessionTexts() {}

  /** Null for none. */
  static byte[] of(Text text, Arrival session, ProxyTlvs told) {
    ClientHello hello = session.hello();
    return switch (text) {
      case CLIENT -> ClientAddress.text(session.source()).getBytes(US_ASCII);
      case SNI ->
          hello.serverName() == null ? told.authority() : hello.serverName().getBytes(US_ASCII);
      case ALPN ->
          hello.protocols().isEmpty()
              ? told.alpn()
              : String.join(",", hello.protocols()).getBytes(ISO_8859_1);
      case REQUEST_ID -> told.uniqueId();
      default -> null;
    };
  }
}
