package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Names of fields and of methods, looked up from slices. */
final class NamesTest {
  private static Name lookup(String text) {
    byte[] bytes = Chars.bytes("<" + text + ">");
    int hash = 0;
    for (int i = 1; i < bytes.length - 1; i++) {
      hash = Name.step(hash, bytes[i]);
    }
    return Name.of(bytes, 1, bytes.length - 1, hash);
  }

  private static Method method(String text) {
    byte[] bytes = Chars.bytes("<" + text + ">");
    return Method.of(bytes, 1, bytes.length - 1);
  }

  @Test
  void everyNameIsFoundInAnyCaseAndOnlyInFull() {
    SplittableRandom random = new SplittableRandom(2);
    for (Name name : Name.values()) {
      if (name == Name.OTHER) {
        continue;
      }
      String lower = Chars.text(name.lower, 0, name.lower.length);
      assertThat(lower).isEqualTo(lower.toLowerCase(Locale.ROOT));
      assertThat(lookup(lower)).isEqualTo(name);
      assertThat(lookup(lower.toUpperCase(Locale.ROOT))).isEqualTo(name);
      StringBuilder mixed = new StringBuilder();
      lower
          .chars()
          .forEach(c -> mixed.append((char) (random.nextBoolean() ? Character.toUpperCase(c) : c)));
      assertThat(lookup(mixed.toString())).isEqualTo(name);
      assertThat(lookup(lower + "x")).isNotEqualTo(name);
      assertThat(lookup(lower.substring(1))).isNotEqualTo(name);
      assertThat(lookup(lower.replace('-', '_')))
          .isEqualTo(lower.contains("-") ? Name.OTHER : name);
      // Bytes that differ by 0x20 only, and are no letters.
      assertThat(lookup(lower.replace('-', '\r')))
          .isEqualTo(lower.contains("-") ? Name.OTHER : name);
      assertThat(Name.of(name.code())).isEqualTo(name);
    }
  }

  @Test
  void anythingElseIsAnotherName() {
    for (String name : new String[] {"", "x", "hos", "hosts", "content_length", "x-forwarded"}) {
      assertThat(lookup(name)).isEqualTo(Name.OTHER);
    }
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 100_000; i++) {
      StringBuilder name = new StringBuilder("zz");
      for (int n = random.nextInt(12); n > 0; n--) {
        name.append((char) ('a' + random.nextInt(26)));
      }
      assertThat(lookup(name.toString())).isEqualTo(Name.OTHER);
    }
  }

  @Test
  void methodsAreCaseSensitiveAndFoundOnlyInFull() {
    for (Method method : Method.values()) {
      if (method != Method.OTHER) {
        assertThat(method(method.name())).isEqualTo(method);
        assertThat(method(method.name().toLowerCase(Locale.ROOT))).isEqualTo(Method.OTHER);
        assertThat(method(method.name() + "X")).isEqualTo(Method.OTHER);
        assertThat(method(method.name().substring(1))).isEqualTo(Method.OTHER);
      }
    }
    assertThat(method("GOT")).isEqualTo(Method.OTHER);
    assertThat(method("OTHER")).isEqualTo(Method.OTHER);
    assertThat(method("PURGE")).isEqualTo(Method.OTHER);
  }

  @Test
  void onlyWhatTheStandardCallsIdempotentMayBeRepeated() {
    for (Method method : Method.values()) {
      boolean may =
          switch (method) {
            case GET, HEAD, PUT, DELETE, OPTIONS, TRACE -> true;
            case POST, PATCH, CONNECT, OTHER -> false;
          };
      assertThat(method.idempotent).as("%s", method).isEqualTo(may);
    }
  }
}
