package dev.weir.bench.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the audit backend answers: the id of the request, the backend's name and the body that
 * follows from the id. {@code /audit/ID/BYTES} may be followed by {@code ?} and one of
 *
 * <ul>
 *   <li>{@code chunked}: the body comes in chunks, with a trailer
 *   <li>{@code delay=MS}: later
 *   <li>{@code cut}: half of the body, then the end of the connection
 *   <li>{@code never}: nothing at all
 * </ul>
 *
 * A request with {@code Upgrade: echo} is answered 101, and what comes afterwards is sent back.
 */
final class AuditAnswers {
  private static final int CHUNK = 5000;
  private static final long NEVER_NANOS = 3_600_000_000_000L;

  private final String name;
  private final ArrivalLog log;

  /**
   * An answer.
   *
   * @param delayNanos from the whole request to its first byte
   * @param closes whether the connection ends behind it
   * @param echoes whether the connection is a tunnel behind it
   */
  record Answer(ByteBuffer bytes, long delayNanos, boolean closes, boolean echoes) {}

  /** Answers of the backend of that name, whose arrivals go to the log. */
  AuditAnswers(String name, ArrivalLog log) {
    this.name = name;
    this.log = log;
  }

  /** The answer to a whole request. */
  Answer to(MessageReader request) {
    String[] words = request.startLine().split("[ /?]+"); // GET audit ID BYTES [MODE] HTTP 1.1
    try {
      if (words.length >= 6 && words[1].equals("audit")) {
        String mode = words.length > 6 ? words[4] : "";
        return audited(request, Long.parseLong(words[2]), Integer.parseInt(words[3]), mode);
      }
    } catch (NumberFormatException notAnAudit) {
      return plain("400 Bad Request", "");
    }
    return words.length > 1 && words[1].equals("health")
        ? plain("200 OK", "ok")
        : plain("404 Not Found", "");
  }

  private Answer audited(MessageReader request, long id, int bytes, String mode) {
    boolean write = request.startLine().startsWith("POST ");
    if (!log.add(write ? id | Arrivals.WRITE : id)) {
      return plain("507 Insufficient Storage", "");
    }
    byte[] body = request.body();
    if (write && !(body.length == bytes && Payload.matches(id, body))) {
      return plain(AuditBackend.WRONG_REQUEST + " Unprocessable Content", "");
    }
    String own = "X-Audit-Id: " + id + "\r\nX-Audit-Backend: " + name + "\r\n";
    if (request.field("upgrade").equals("echo")) {
      String head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n";
      return new Answer(message(head + own + "\r\n", new byte[0], 0), 0, false, true);
    }
    byte[] payload = Payload.of(id, Math.min(bytes, Payload.MAX_BYTES));
    if (mode.equals("chunked")) {
      return new Answer(chunked("HTTP/1.1 200 OK\r\n" + own, payload), 0, false, false);
    }
    String head = "HTTP/1.1 200 OK\r\n" + own + "Content-Length: " + payload.length + "\r\n\r\n";
    int sent = request.startLine().startsWith("HEAD ") ? 0 : payload.length;
    boolean cut = mode.equals("cut");
    return new Answer(
        message(head, payload, cut ? sent / 2 : sent), delay(mode), cut, /* echoes= */ false);
  }

  private static long delay(String mode) {
    if (mode.equals("never")) {
      return NEVER_NANOS;
    }
    return mode.startsWith("delay=") ? Integer.parseInt(mode.substring(6)) * 1_000_000L : 0;
  }

  private static Answer plain(String status, String body) {
    String head = "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n";
    return new Answer(message(head + body, new byte[0], 0), 0, false, false);
  }

  private static ByteBuffer message(String head, byte[] body, int bytes) {
    byte[] first = head.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(first.length + bytes).put(first).put(body, 0, bytes).flip();
  }

  private static ByteBuffer chunked(String head, byte[] body) {
    int chunks = (body.length + CHUNK - 1) / CHUNK;
    ByteBuffer all = ByteBuffer.allocate(head.length() + body.length + 16 * chunks + 100);
    put(all, head + "Transfer-Encoding: chunked\r\n\r\n");
    for (int from = 0; from < body.length; from += CHUNK) {
      int count = Math.min(CHUNK, body.length - from);
      put(all, Integer.toHexString(count) + "\r\n");
      all.put(body, from, count);
      put(all, "\r\n");
    }
    put(all, "0\r\nX-Audit-Trailer: end\r\n\r\n");
    return all.flip();
  }

  private static void put(ByteBuffer all, String text) {
    all.put(text.getBytes(StandardCharsets.US_ASCII));
  }
}
