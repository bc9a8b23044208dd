package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Host names to values, looked up by slices of any case. */
final class HostTableTest {
  private static Integer get(HostTable<Integer> table, String name) {
    byte[] bytes = Chars.bytes("x" + name + "y");
    return table.get(bytes, 1, bytes.length - 1);
  }

  @Test
  void everyOneOfTenThousandHostsIsFoundAndNoOther() {
    Map<String, Integer> names = new HashMap<>();
    for (int i = 0; i < 10_000; i++) {
      names.put("host-" + i + ".example.com", i);
    }
    HostTable<Integer> table = new HostTable<>(names);
    names.forEach(
        (name, value) -> {
          assertThat(get(table, name)).isEqualTo(value);
          assertThat(get(table, name.toUpperCase(Locale.ROOT))).isEqualTo(value);
          assertThat(get(table, name + ".")).isNull();
          assertThat(get(table, name.substring(1))).isNull();
        });
    assertThat(get(table, "host-10000.example.com")).isNull();
    assertThat(get(table, "")).isNull();
  }

  @Test
  void namesWithTheSameHashAreToldApart() {
    // 31 * '0' + 'z' == 31 * '1' + '[' == 31 * '2' + '<'.
    HostTable<Integer> table = new HostTable<>(Map.of("0z", 1, "1[", 2));
    assertThat(get(table, "0z")).isEqualTo(1);
    assertThat(get(table, "1[")).isEqualTo(2);
    assertThat(get(table, "2<")).isNull();
  }

  @Test
  void anEmptyTableHasNothing() {
    assertThat(get(new HostTable<>(Map.of()), "a")).isNull();
  }
}
