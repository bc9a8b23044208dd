package dev.weir.tcp;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Names that TLS clients ask for, and suffixes of them, to look one up in; a suffix contains every
 * name below it, not itself. Immutable.
 */
final class ServerNames implements Predicate<Arrival> {
  private final Set<String> keys = new HashSet<>();

  ServerNames(List<String> configured) {
    configured.forEach(name -> keys.add(key(name)));
  }

  /**
   * The one way to write a configured name: in small letters, without a final dot; a suffix with
   * the dot that it begins with, and no star.
   */
  static String key(String configured) {
    String lower = configured.toLowerCase(Locale.ROOT);
    String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    return name.startsWith("*.") ? name.substring(1) : name;
  }

  /** The next wider suffix of a key; null when there is none. */
  static String wider(String key) {
    int dot = key.indexOf('.', 1);
    return dot < 0 ? null : key.substring(dot);
  }

  @Override
  public boolean test(Arrival arrival) {
    String key = arrival.hello().serverName();
    while (key != null && !keys.contains(key)) {
      key = wider(key);
    }
    return key != null;
  }
}
