package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads written again: runs of fields in one copy must equal field by field. */
final class HeadWriterTest {
  private static final String[] NAMES = {"A", "x-long-name", "Cookie", "Accept", "_u", "Via"};
  private static final String[] GAPS = {" ", " ", " ", "", "  ", "\t"};
  private static final String[] VALUES = {"", "1", "a b", "text/html; q=0.5", "\u00e9\u00ff", ":"};
  private static final String[] ENDS = {"", "", "", " ", "\t "};

  @Test
  void runsOfFieldsAreWrittenAsEachAloneWouldBe() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 5_000; round++) {
      StringBuilder text = new StringBuilder("GET / HTTP/1.1\r\nHost: a\r\n");
      for (int n = random.nextInt(12); n > 0; n--) {
        text.append(one(random, NAMES)).append(':').append(one(random, GAPS));
        text.append(one(random, VALUES)).append(one(random, ENDS)).append("\r\n");
      }
      Head head = Heads.request(text.append("\r\n").toString());
      assertThat(head.fault).isNull();
      for (int i = 0; i < head.count(); i++) {
        if (random.nextInt(3) == 0) {
          head.drop(i);
        }
      }
      HeadWriter writer = new HeadWriter();
      writer.addFields(head);
      assertThat(text(writer)).as("%s", text).isEqualTo(fieldByField(head));
    }
  }

  private static String one(SplittableRandom random, String[] of) {
    return of[random.nextInt(of.length)];
  }

  private static String fieldByField(Head head) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < head.count(); i++) {
      if (!head.dropped(i)) {
        all.append(Chars.text(head.bytes, head.nameStart(i), head.nameEnd(i)));
        all.append(": ").append(head.value(i)).append("\r\n");
      }
    }
    return all.toString();
  }

  @Test
  void itGrowsAsNeededAndStartsAgainEmpty() {
    HeadWriter writer = new HeadWriter();
    String piece = "0123456789".repeat(100);
    for (int i = 0; i < 50; i++) {
      writer.add(Chars.bytes(piece)).add('x');
    }
    assertThat(text(writer)).isEqualTo((piece + "x").repeat(50));
    writer.clear();
    assertThat(text(writer.add('y'))).isEqualTo("y");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 9, 10, 15, 16, 99, 100, 255, 256, 65_535, 1L << 40, Long.MAX_VALUE})
  void numbersAreWrittenInFull(long number) {
    assertThat(text(new HeadWriter().addDecimal(number))).isEqualTo(Long.toString(number));
    assertThat(text(new HeadWriter().addHex(number))).isEqualTo(Long.toHexString(number));
    assertThat(text(new HeadWriter().addHex16(number))).isEqualTo(String.format("%016x", number));
  }

  @Test
  void numbersThatJustFitDoNotOverrun() {
    for (int before = 4070; before < 4100; before++) {
      HeadWriter writer = new HeadWriter();
      writer.add(new byte[before]).addDecimal(1_234_567_890_123L).addHex16(-1).addHex(0xabc);
      assertThat(text(writer).substring(before)).isEqualTo("1234567890123ffffffffffffffffabc");
    }
  }

  private static String text(HeadWriter writer) {
    return Chars.text(writer.array(), 0, writer.length());
  }
}
