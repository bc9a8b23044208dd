package dev.weir.core.balance.planted;

import dev.weir.core.backend.Backend;
import dev.weir.core.balance.PickContext;
import dev.weir.core.balance.Picker;

/** Breaks a rule on purpose. */
public final class MutablePicker implements Picker {
  int next;

  @Override
  public Backend pick(PickContext context) {
    next++;
    return null;
  }
}
