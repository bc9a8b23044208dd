package dev.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.config.ThreeWayMerge.Result.Conflicts;
import dev.weir.core.config.ThreeWayMerge.Result.Merged;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ThreeWayMergeTest {
  private static JsonNode merged(String before, String file, String running) {
    return ((Merged) ThreeWayMerge.merge(Trees.tree(before), Trees.tree(file), Trees.tree(running)))
        .tree();
  }

  private static String conflicts(String before, String file, String running) {
    return ((Conflicts)
            ThreeWayMerge.merge(Trees.tree(before), Trees.tree(file), Trees.tree(running)))
        .conflicts()
        .toString();
  }

  @Test
  void changesOfBothSidesAtDifferentPlacesComeTogether() {
    assertThat(
            merged(
                "{'p':{'w':{'weight':1,'state':'READY'},'x':{}}}",
                "{'p':{'w':{'weight':2,'state':'READY'},'x':{},'y':{}}}",
                "{'p':{'w':{'weight':1,'state':'DRAIN'}},'q':1}"))
        .isEqualTo(Trees.tree("{'p':{'w':{'weight':2,'state':'DRAIN'},'y':{}},'q':1}"));
  }

  @Test
  void theSameChangeOnBothSidesIsNoConflict() {
    assertThat(merged("{'a':1,'b':2}", "{'a':3}", "{'a':3}")).isEqualTo(Trees.tree("{'a':3}"));
    assertThat(merged("{}", "{'p':{'x':1}}", "{'p':{'x':1,'y':2}}"))
        .isEqualTo(Trees.tree("{'p':{'x':1,'y':2}}"));
  }

  @Test
  void differentChangesOfOneValueAreConflictsWithBothSides() {
    assertThat(conflicts("{'a':{'b':1,'c':1}}", "{'a':{'b':2,'c':2}}", "{'a':{'b':3,'c':3}}"))
        .isEqualTo(
            "[/a/b: the file has 2, the API 3, before 1, /a/c: the file has 2, the API 3, before"
                + " 1]");
    assertThat(conflicts("{'a':{'b':1}}", "{}", "{'a':{'b':2}}"))
        .isEqualTo("[/a: the file has nothing, the API {\"b\":2}, before {\"b\":1}]");
    assertThat(conflicts("{'a':{'b':1}}", "{'a':{'b':2}}", "{}"))
        .isEqualTo("[/a: the file has {\"b\":2}, the API nothing, before {\"b\":1}]");
  }

  @Test
  void aListIsOneValue() {
    assertThat(merged("{'a':[1]}", "{'a':[1,2]}", "{'a':[1]}"))
        .isEqualTo(Trees.tree("{'a':[1,2]}"));
    assertThat(conflicts("{'a':[1]}", "{'a':[1,2]}", "{'a':[0,1]}")).startsWith("[/a: ");
  }

  @Test
  void oneSideThatDidNotChangeGivesTheOther() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 5_000; i++) {
      JsonNode before = Trees.random(random, 3);
      JsonNode other = Trees.random(random, 3);
      assertThat(((Merged) ThreeWayMerge.merge(before, other, before)).tree()).isEqualTo(other);
      assertThat(((Merged) ThreeWayMerge.merge(before, before, other)).tree()).isEqualTo(other);
      assertThat(((Merged) ThreeWayMerge.merge(before, other, other)).tree()).isEqualTo(other);
    }
  }

  @Test
  void aMergeDoesNotDependOnWhoIsWho() {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 5_000; i++) {
      JsonNode before = Trees.random(random, 2);
      JsonNode one = MergePatch.apply(before, Trees.random(random, 1));
      JsonNode two = MergePatch.apply(before, Trees.random(random, 1));
      ThreeWayMerge.Result there = ThreeWayMerge.merge(before, one, two);
      ThreeWayMerge.Result back = ThreeWayMerge.merge(before, two, one);
      if (there instanceof Merged merged) {
        assertThat(((Merged) back).tree()).isEqualTo(merged.tree());
      } else {
        assertThat(((Conflicts) back).conflicts()).hasSameSizeAs(((Conflicts) there).conflicts());
      }
    }
  }
}
