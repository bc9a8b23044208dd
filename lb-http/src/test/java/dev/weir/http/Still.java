package dev.weir.http;

import org.hamcrest.Description;
import org.hamcrest.TypeSafeMatcher;

/** True while a number does not change. */
final class Still extends TypeSafeMatcher<Long> {
  private long last = -1;

  @Override
  protected boolean matchesSafely(Long now) {
    boolean same = now == last;
    last = now;
    return same;
  }

  @Override
  public void describeTo(Description description) {
    description.appendText("the same as before");
  }
}
