package dev.weir.http;

import dev.weir.core.config.ConfigBinder;
import dev.weir.core.config.ConfigException;
import dev.weir.core.config.ConfigReader;
import dev.weir.core.config.Document;
import dev.weir.core.config.ListenerConfig;
import dev.weir.core.config.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Listeners from YAML, read and checked as a whole configuration is. */
final class Yaml {
  private static final Pattern POOL = Pattern.compile("pool: *([a-z0-9-]+)");

  private Yaml() {}

  /** A listener with these keys besides where it binds; it must have no problems. */
  static ListenerConfig listener(String keys) {
    try {
      ListenerConfig config = bind(document(keys));
      List<Problem> found = new ArrayList<>();
      RouteChecks.check("/listeners/web", config, found::add);
      if (!found.isEmpty()) {
        throw new AssertionError(found.toString());
      }
      return config;
    } catch (ConfigException e) {
      throw new AssertionError(e.problems().toString(), e);
    }
  }

  /** What is wrong with a listener, as lines {@code place: message}, its own place left out. */
  static List<String> problems(String keys) {
    List<Problem> found = new ArrayList<>();
    try {
      RouteChecks.check("/listeners/web", bind(document(keys)), found::add);
    } catch (ConfigException e) {
      found.addAll(e.problems());
    }
    return found.stream()
        .map(p -> p.path().replace("/listeners/web/", "") + ": " + p.message())
        .toList();
  }

  private static ListenerConfig bind(Document document) throws ConfigException {
    return new ConfigBinder(Map.<String, String>of()::get).bind(document).listeners().get("web");
  }

  /** The document of {@link #listener}; line 4 is the first of the keys. */
  static Document document(String keys) throws ConfigException {
    StringBuilder text = new StringBuilder("listeners:\n  web:\n    bind: 127.0.0.1:0\n");
    keys.lines().forEach(line -> text.append("    ").append(line).append('\n'));
    text.append("pools:\n  web: {}\n");
    pools(keys).forEach(name -> text.append("  ").append(name).append(": {}\n"));
    try {
      Path file = Files.createTempFile("weir", ".yaml");
      try {
        Files.writeString(file, text);
        return ConfigReader.read(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pools that are named, without the one named web. */
  static Set<String> pools(String keys) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = POOL.matcher(keys);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    names.remove("web");
    return names;
  }
}
