package dev.weir.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the corpus: text files of cases, each a name, {@code key: value} lines and lines of bytes.
 * A line of bytes begins with {@code >} (the client sends), {@code <} (the backend is sent, or
 * sends) or {@code =} (the client is sent); line ends are those written as escapes, no others.
 * Escapes: {@code \r \n \t \\ \s} (a blank), {@code \xHH}, and {@code \(N*text)} for a repetition.
 * {@code \(word)} and {@code \(word text)} stand for what a test puts there.
 */
final class Corpus {
  private static final Path FOLDER = Path.of("src/test/resources/corpus");
  private static final Pattern ESCAPE =
      Pattern.compile("\\\\(?:x([0-9a-fA-F]{2})|\\((\\d+)\\*([^)]*)\\)|([rnts\\\\]))");

  /** One case. */
  record Case(String file, String id, Map<String, String> keys, Map<Character, String> bytes) {
    String key(String name) {
      return keys.getOrDefault(name, "");
    }

    /** Raw characters of one side, one char for each byte; empty when there are no such lines. */
    String bytes(char side) {
      return bytes.getOrDefault(side, "");
    }

    boolean has(char side) {
      return bytes.containsKey(side);
    }

    /** First word of the verdict. */
    String verdict() {
      return key("verdict").split(" ")[0];
    }

    /** Statuses in the verdict, behind its first word. */
    List<Integer> statuses() {
      return Stream.of(key("verdict").split(" ")).skip(1).map(Integer::valueOf).toList();
    }

    List<String> rules() {
      return List.of(key("rule").split("[, ]+"));
    }

    @Override
    public String toString() {
      return id + ": " + key("what");
    }
  }

  private Corpus() {}

  /** All cases of a folder, {@code requests} or {@code responses}. */
  static List<Case> load(String folder) {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      List<Case> cases = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        read(file, cases);
      }
      return cases;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What each rule says, by its id: {@code id | sentence | source}. */
  static Map<String, String[]> rules() {
    Map<String, String[]> rules = new LinkedHashMap<>();
    try {
      for (String line : Files.readAllLines(FOLDER.resolve("rules.txt"))) {
        if (!line.isBlank() && !line.startsWith("#")) {
          String[] parts = line.split(" \\| ", 3);
          if (parts.length != 3 || rules.put(parts[0], parts) != null) {
            throw new IllegalStateException("rules.txt: " + line);
          }
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return rules;
  }

  private static void read(Path file, List<Case> cases) throws IOException {
    Case current = null;
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (line.startsWith("== ")) {
        current =
            new Case(
                file.getFileName().toString(),
                line.substring(3).trim(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
        cases.add(current);
      } else if (!line.isBlank() && !line.startsWith("#")) {
        int colon = line.indexOf(": ");
        if (current != null && line.length() > 1 && "><=".indexOf(line.charAt(0)) >= 0) {
          current.bytes.merge(line.charAt(0), unescape(line.substring(2)), String::concat);
        } else if (current != null && line.length() == 1 && "><=".contains(line)) {
          current.bytes.putIfAbsent(line.charAt(0), "");
        } else if (current == null
            || colon < 0
            || current.keys.put(line.substring(0, colon), line.substring(colon + 2)) != null) {
          throw new IllegalStateException(file + ":" + number + ": " + line);
        }
      }
    }
  }

  private static String unescape(String text) {
    Matcher escapes = ESCAPE.matcher(text);
    StringBuilder raw = new StringBuilder();
    while (escapes.find()) {
      String bytes;
      if (escapes.group(1) != null) {
        bytes = String.valueOf((char) Integer.parseInt(escapes.group(1), 16));
      } else if (escapes.group(2) != null) {
        bytes = unescape(escapes.group(3)).repeat(Integer.parseInt(escapes.group(2)));
      } else {
        bytes =
            switch (escapes.group(4)) {
              case "r" -> "\r";
              case "n" -> "\n";
              case "t" -> "\t";
              case "s" -> " ";
              default -> "\\";
            };
      }
      escapes.appendReplacement(raw, Matcher.quoteReplacement(bytes));
    }
    return escapes.appendTail(raw).toString();
  }

  /** Bytes as they would be written in the corpus, for messages. */
  static String escape(String raw) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      switch (c) {
        case '\r' -> text.append("\\r");
        case '\n' -> text.append("\\n\n");
        case '\t' -> text.append("\\t");
        case '\\' -> text.append("\\\\");
        default -> text.append(c < ' ' || c > '~' ? String.format("\\x%02x", (int) c) : c);
      }
    }
    return text.length() > 4000 ? text.substring(0, 4000) + "..." : text.toString();
  }
}
