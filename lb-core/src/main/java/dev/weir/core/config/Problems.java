package dev.weir.core.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong with one document, up to a bound. Used by one thread. */
final class Problems {
  static final int LIMIT = 200;

  private final List<Problem> found = new ArrayList<>();
  private final Set<String> paths = new HashSet<>();
  private int leftOut;

  void add(Problem problem) {
    if (found.size() < LIMIT) {
      found.add(problem);
      paths.add(problem.path());
    } else {
      leftOut++;
    }
  }

  void add(String path, String message) {
    add(Problem.at(path, message));
  }

  /** Adds unless something is known to be wrong with this value already. */
  void addFirst(String path, String message) {
    if (!paths.contains(path)) {
      add(path, message);
    }
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  boolean isFull() {
    return leftOut > 0;
  }

  /** All of them with their places in the document's files, in the order of the files. */
  List<Problem> located(Document document) {
    List<Problem> all = new ArrayList<>();
    found.forEach(problem -> all.add(document.locate(problem)));
    return finished(all);
  }

  /** All of them as they are. */
  List<Problem> asFound() {
    return finished(new ArrayList<>(found));
  }

  private List<Problem> finished(List<Problem> all) {
    all.sort(Comparator.comparing(Problem::file).thenComparingInt(Problem::line));
    if (leftOut > 0) {
      all.add(Problem.at("", leftOut + " more problems are left out"));
    }
    return all;
  }
}
