package dev.weir.server.arch;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/**
 * A rule of the house together with classes that break it, so that the rule is seen to work.
 *
 * @param rule evaluated on the production classes, where it must hold
 * @param planted evaluated on these, where it must report something
 */
record Law(ArchRule rule, List<Class<?>> planted) {
  static Law law(ArchRule rule, Class<?>... planted) {
    return new Law(rule, List.of(planted));
  }

  @Override
  public String toString() {
    return rule.getDescription();
  }
}
