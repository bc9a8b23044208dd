package dev.weir.bench.soak;

import java.util.ArrayList;
import java.util.List;

/** What must not have happened, one sentence each. Any thread. */
final class Complaints {
  private static final int MOST = 20;

  private final List<String> sentences = new ArrayList<>();
  private int left;

  synchronized void add(String sentence) {
    if (sentences.size() < MOST) {
      sentences.add(sentence);
    } else {
      left++;
    }
  }

  /** All of them, or the first ones and how many there are besides. */
  synchronized List<String> all() {
    List<String> all = new ArrayList<>(sentences);
    if (left > 0) {
      all.add("and " + left + " more");
    }
    return all;
  }
}
