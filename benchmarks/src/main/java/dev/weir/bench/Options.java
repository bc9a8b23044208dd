package dev.weir.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was given on the command line: words, {@code --name value} and {@code --flag}. Each command
 * reads what it knows and then calls {@link #done}, which refuses the rest.
 */
public final class Options {
  private final List<String> words = new ArrayList<>();
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Set<String> known = new TreeSet<>();

  private Options() {}

  /**
   * Reads arguments.
   *
   * @throws UsageException when an option is given twice
   */
  public static Options parse(List<String> arguments) {
    Options options = new Options();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (!argument.startsWith("--")) {
        options.words.add(argument);
        continue;
      }
      boolean valued = i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--");
      String value = valued ? arguments.get(++i) : "";
      if (options.values.put(argument.substring(2), value) != null) {
        throw new UsageException(argument + " is given twice");
      }
    }
    return options;
  }

  /** What is not an option, in order. */
  public List<String> words() {
    return List.copyOf(words);
  }

  /** Whether a flag is there; a flag takes no value. */
  public boolean flag(String name) {
    known.add(name);
    String value = values.get(name);
    if (value != null && !value.isEmpty()) {
      throw new UsageException("--" + name + " takes no value, got '" + value + "'");
    }
    return value != null;
  }

  /** The text of an option; the default when it is not given. */
  public String text(String name, String otherwise) {
    known.add(name);
    String value = values.get(name);
    if (value != null && value.isEmpty()) {
      throw new UsageException("--" + name + " needs a value");
    }
    return value == null ? otherwise : value;
  }

  /** A comma-separated list; the default when it is not given. */
  public List<String> list(String name, String otherwise) {
    String text = text(name, otherwise);
    return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
  }

  /**
   * A whole number.
   *
   * @throws UsageException unless it is in the range, both ends included
   */
  public int number(String name, int otherwise, int least, int most) {
    String text = text(name, String.valueOf(otherwise));
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // the same answer as for a number out of range
    }
    throw new UsageException(
        "--" + name + " must be a whole number in " + least + ".." + most + ", not '" + text + "'");
  }

  /** A bound on a count: the number, or -1 (no bound) when it is not given. */
  public int bound(String name) {
    return number(name, -1, -1, Integer.MAX_VALUE);
  }

  /** Refuses options that nobody has asked for. */
  public void done() {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        throw new UsageException(
            "unknown option --" + name + "; known here: --" + String.join(", --", known));
      }
    }
  }
}
