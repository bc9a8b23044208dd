package dev.weir.core.control.planted;

/** Breaks a rule on purpose. */
public final class ControlKnowsObserve {
  Class<?> known = dev.weir.core.observe.LbObserver.class;
}
