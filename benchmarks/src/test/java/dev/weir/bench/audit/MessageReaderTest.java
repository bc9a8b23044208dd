package dev.weir.bench.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MessageReaderTest {
  private final MessageReader reader = new MessageReader();

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void aMessageArrivesByteByByte() throws Exception {
    String text = "HTTP/1.1 200 OK\r\nX-Audit-Id: 7\r\nContent-Length: 3\r\n\r\nabc";
    for (int i = 0; i < text.length() - 1; i++) {
      assertThat(reader.read(bytes(text.substring(i, i + 1)))).isFalse();
    }

    assertThat(reader.read(bytes("c"))).isTrue();
    assertThat(reader.status()).isEqualTo(200);
    assertThat(reader.field("x-audit-id")).isEqualTo("7");
    assertThat(reader.body()).asString().isEqualTo("abc");
  }

  @Test
  void aMessageWithoutABodyEndsWithItsHead() throws Exception {
    ByteBuffer two =
        bytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 404 Not Found\r\n\r\n");

    assertThat(reader.read(two)).isTrue();
    reader.next();
    assertThat(reader.fresh()).isTrue();
    assertThat(reader.read(two)).isTrue();
    assertThat(reader.status()).isEqualTo(404);
  }

  @Test
  void chunksAreJoined() throws Exception {
    ByteBuffer message =
        bytes(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                + "3\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Trailer: 1\r\n\r\nrest");

    assertThat(reader.read(message)).isTrue();
    assertThat(reader.body()).asString().isEqualTo("abc0123456789");
    assertThat(reader.closing()).isTrue();
    assertThat(message.remaining()).isEqualTo(4);
  }

  @Test
  void whatIsNotHttpIsRefused() {
    assertThatThrownBy(() -> reader.read(bytes("hello\r\n"))).hasMessageContaining("hello");
  }

  @Test
  void aBareLineFeedIsRefused() {
    assertThatThrownBy(() -> reader.read(bytes("HTTP/1.1 200 OK\n"))).hasMessageContaining("CRLF");
  }

  @Test
  void anAuditHeaderSentTwiceIsRefused() {
    assertThatThrownBy(
            () -> reader.read(bytes("HTTP/1.1 200 OK\r\nX-Audit-Id: 1\r\nX-Audit-Id: 1\r\n")))
        .hasMessageContaining("x-audit-id");
  }
}
