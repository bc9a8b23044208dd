package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunked framing: what is taken apart, in what pieces, and what is refused. */
final class ChunkDecoderTest {
  private static final String[] EXTENSIONS = {
    "", ";a", ";a=b", " ;a", "\t; a=\"b c\"", ";" + "x".repeat(255)
  };

  /** Feeds all pieces; the data, then {@code !} for broken framing or {@code .} for the end. */
  static String decode(String... pieces) {
    ChunkDecoder decoder = new ChunkDecoder();
    StringBuilder data = new StringBuilder();
    for (String piece : pieces) {
      ByteBuf in = Unpooled.wrappedBuffer(Chars.bytes(piece));
      try {
        ChunkDecoder.Step step = decoder.next(in);
        while (step == ChunkDecoder.Step.DATA) {
          int length = (int) Math.min(decoder.remaining(), in.readableBytes());
          data.append(in.readCharSequence(length, java.nio.charset.StandardCharsets.ISO_8859_1));
          decoder.took(length);
          step = decoder.next(in);
        }
        if (step == ChunkDecoder.Step.BAD) {
          return data + "!";
        }
        if (step == ChunkDecoder.Step.LAST) {
          return data + "." + in.readableBytes();
        }
      } finally {
        in.release();
      }
    }
    return data.toString();
  }

  @Test
  void everyChunkingInEveryPieceGivesTheSameData() {
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 5_000; round++) {
      StringBuilder wire = new StringBuilder();
      StringBuilder data = new StringBuilder();
      for (int n = random.nextInt(6); n > 0; n--) {
        String part = "d".repeat(1 + random.nextInt(40));
        String size = Integer.toHexString(part.length());
        wire.append("0".repeat(random.nextInt(4)));
        wire.append(random.nextBoolean() ? size : size.toUpperCase(java.util.Locale.ROOT));
        wire.append(EXTENSIONS[random.nextInt(EXTENSIONS.length)]).append("\r\n");
        wire.append(part).append("\r\n");
        data.append(part);
      }
      wire.append("0".repeat(1 + random.nextInt(3)));
      wire.append(EXTENSIONS[random.nextInt(EXTENSIONS.length)]).append("\r\n");
      String text = wire.toString();
      assertThat(decode(text + "next")).as("%s", text).isEqualTo(data + ".4");
      assertThat(decode(text.split(""))).as("%s", text).isEqualTo(data + ".0");
      int split = random.nextInt(text.length());
      assertThat(decode(text.substring(0, split), text.substring(split)))
          .as("%s at %s", text, split)
          .isEqualTo(data + ".0");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n",
        ";a\r\n",
        " 5\r\n",
        "\t5\r\n",
        "-5\r\n",
        "+5\r\n",
        "0x5\r\n",
        "5h\r\n",
        "g\r\n",
        "5\n",
        "5\r5",
        "5 \r\n",
        "5\t\r\n",
        "5 5\r\n",
        "5 a\r\n",
        "5\r\r\n",
        "5;a\n",
        "5;a\r5",
        "5;\0\r\n",
        "5;\u007f\r\n",
        "5,5\r\n",
        "5.0\r\n",
        "1e1h\r\n",
        "\0005\r\n",
        "0000000000000005\r\n",
        "1000000000000000\r\n",
        "ffffffffffffffff5\r\n",
        "5\r\nabcdef\r\n",
        "5\r\nabcde\n",
        "5\r\nabcde\r5",
        "5\r\nabcdeX",
        "5\r\nabcde\r\n\r\n",
        "0\n",
        "0\r0",
        "0 \r\n",
        "00x\r\n"
      })
  void brokenFramingIsRefused(String wire) {
    assertThat(decode(wire)).endsWith("!");
    assertThat(decode(wire.split(""))).isEqualTo(decode(wire));
  }

  @Test
  void everyByteBehindASizeIsADigitOrEndsIt() {
    for (int b = 0; b < 256; b++) {
      String decoded = decode("5" + (char) b);
      boolean fine = Character.digit(b, 16) >= 0 || b == '\r' || b == ';' || b == ' ' || b == '\t';
      assertThat(decoded).as("byte %s", b).isEqualTo(fine ? "" : "!");
    }
  }

  @Test
  void anExtensionHoldsWhatAFieldValueMay() {
    for (int b = 0; b < 256; b++) {
      boolean fine = b == '\t' || b == '\r' || (b >= ' ' && b != 0x7f);
      assertThat(decode("5;a" + (char) b)).as("byte %s", b).isEqualTo(fine ? "" : "!");
    }
  }

  @Test
  void sizesAndExtensionsAreBounded() {
    assertThat(decode("fffffffffffffff\r\nab")).isEqualTo("ab");
    assertThat(decode("ffffffffffffffff\r\nab")).isEqualTo("!");
    assertThat(decode("1;" + "x".repeat(256) + "\r\na")).isEqualTo("a");
    assertThat(decode("1;" + "x".repeat(257) + "\r\na")).isEqualTo("!");
    assertThat(decode("1" + " ".repeat(256) + ";\r\na")).isEqualTo("a");
    assertThat(decode("1" + " ".repeat(257) + ";\r\na")).isEqualTo("!");
    // Each chunk has a bound of its own.
    assertThat(decode(("1;" + "x".repeat(256) + "\r\na\r\n").repeat(9) + "0\r\n"))
        .isEqualTo("a".repeat(9) + ".0");
  }

  @Test
  void theRemainderCountsDown() {
    ChunkDecoder decoder = new ChunkDecoder();
    ByteBuf in = Unpooled.wrappedBuffer(Chars.bytes("10\r\n"));
    assertThat(decoder.next(in)).isEqualTo(ChunkDecoder.Step.MORE);
    in.release();
    assertThat(decoder.remaining()).isEqualTo(16);
    decoder.took(10);
    assertThat(decoder.remaining()).isEqualTo(6);
  }

  @Test
  void itServesOneBodyAfterTheOther() {
    ChunkDecoder decoder = new ChunkDecoder();
    for (int i = 0; i < 3; i++) {
      ByteBuf in = Unpooled.wrappedBuffer(Chars.bytes("0;x\r\n"));
      assertThat(decoder.next(in)).isEqualTo(ChunkDecoder.Step.LAST);
      in.release();
      decoder.reset();
    }
  }
}
