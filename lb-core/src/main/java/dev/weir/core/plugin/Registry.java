package dev.weir.core.plugin;

import dev.weir.core.config.Problem;
import dev.weir.core.config.Suggest;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Extensions of one kind by their name. Made once when the process starts; immutable, so any thread
 * may read.
 */
public final class Registry<T> {
  private final String kind;
  private final Map<String, T> byName = new LinkedHashMap<>();

  /**
   * A registry of these extensions.
   *
   * @param kind what they are, in the singular, as it reads in a sentence: {@code balancer}
   * @param name how an extension is called
   * @throws IllegalStateException when two have the same name
   */
  public Registry(String kind, Function<T, String> name, Collection<? extends T> extensions) {
    this.kind = kind;
    for (T extension : extensions) {
      T earlier = byName.putIfAbsent(name.apply(extension), extension);
      if (earlier != null) {
        throw new IllegalStateException(
            "two %ss are called '%s': %s and %s"
                .formatted(
                    kind,
                    name.apply(extension),
                    earlier.getClass().getName(),
                    extension.getClass().getName()));
      }
    }
  }

  /** The extension of this name; null when there is none, which is reported as a problem. */
  public T find(String name, String path, Consumer<Problem> problems) {
    T found = byName.get(name);
    if (found == null) {
      problems.accept(Problem.at(path, unknown(name)));
    }
    return found;
  }

  /** All names, in order of registration. */
  public Set<String> names() {
    return Collections.unmodifiableSet(byName.keySet());
  }

  /** All extensions, in order of registration. */
  public Collection<T> all() {
    return Collections.unmodifiableCollection(byName.values());
  }

  private String unknown(String name) {
    return "there is no %s '%s'%s; known are %s"
        .formatted(
            kind, name, Suggest.hint(name, byName.keySet()), String.join(", ", byName.keySet()));
  }
}
