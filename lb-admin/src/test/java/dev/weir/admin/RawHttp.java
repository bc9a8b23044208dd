package dev.weir.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Sends bytes as they are and reads one HTTP/1.1 answer: for requests that no client would make.
 */
final class RawHttp {
  private static final int PATIENCE_MILLIS = 10_000;

  private RawHttp() {}

  /** An answer. */
  record Answer(int status, String head, String body) {
    /** The value of a header; null when it is missing. */
    String header(String name) {
      for (String line : head.split("\r\n")) {
        if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
          return line.substring(name.length() + 1).strip();
        }
      }
      return null;
    }
  }

  static Answer send(int port, String request) throws IOException {
    return send(port, request.getBytes(StandardCharsets.ISO_8859_1));
  }

  static Answer send(int port, byte[] request) throws IOException {
    return send(port, request, false);
  }

  static Answer send(int port, String request, boolean headOnly) throws IOException {
    return send(port, request.getBytes(StandardCharsets.ISO_8859_1), headOnly);
  }

  private static Answer send(int port, byte[] request, boolean headOnly) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      return read(socket.getInputStream(), headOnly);
    }
  }

  private static Answer read(InputStream in, boolean headOnly) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the connection ended in the head: " + head);
      }
      head.write(next);
    }
    String text = head.toString(StandardCharsets.ISO_8859_1);
    Answer answer = new Answer(Integer.parseInt(text.substring(9, 12)), text, "");
    String length = answer.header("Content-Length");
    byte[] body = in.readNBytes(length == null || headOnly ? 0 : Integer.parseInt(length));
    return new Answer(answer.status(), text, new String(body, StandardCharsets.UTF_8));
  }
}
