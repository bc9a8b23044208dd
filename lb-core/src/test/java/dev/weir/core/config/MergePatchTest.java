package dev.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class MergePatchTest {
  /** RFC 7396, appendix A; the quotes are single ones, the separator a bar. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':'b'} | {'a':'c'} | {'a':'c'}",
        "{'a':'b'} | {'b':'c'} | {'a':'b','b':'c'}",
        "{'a':'b'} | {'a':null} | {}",
        "{'a':'b','b':'c'} | {'a':null} | {'b':'c'}",
        "{'a':['b']} | {'a':'c'} | {'a':'c'}",
        "{'a':'c'} | {'a':['b']} | {'a':['b']}",
        "{'a':{'b':'c'}} | {'a':{'b':'d','c':null}} | {'a':{'b':'d'}}",
        "{'a':[{'b':'c'}]} | {'a':[1]} | {'a':[1]}",
        "['a','b'] | ['c','d'] | ['c','d']",
        "{'a':'b'} | ['c'] | ['c']",
        "{'a':'foo'} | null | null",
        "{'a':'foo'} | 'bar' | 'bar'",
        "{'e':null} | {'a':1} | {'e':null,'a':1}",
        "[1,2] | {'a':'b','c':null} | {'a':'b'}",
        "{} | {'a':{'bb':{'ccc':null}}} | {'a':{'bb':{}}}",
      })
  void theExamplesOfTheRfcHold(String target, String patch, String result) {
    assertThat(MergePatch.apply(Trees.tree(target), Trees.tree(patch)))
        .isEqualTo(Trees.tree(result));
  }

  @Test
  void aDifferenceAppliedGivesTheOtherAndNothingIsModified() {
    SplittableRandom random = new SplittableRandom(7396);
    for (int i = 0; i < 20_000; i++) {
      JsonNode before = Trees.random(random, 3);
      JsonNode after = Trees.random(random, 3);
      String shownBefore = before.toString();
      String shownAfter = after.toString();
      JsonNode patch = MergePatch.diff(before, after);
      assertThat(MergePatch.apply(before, patch)).isEqualTo(after);
      assertThat(patch.isEmpty()).isEqualTo(before.equals(after));
      assertThat(before.toString()).isEqualTo(shownBefore);
      assertThat(after.toString()).isEqualTo(shownAfter);
    }
  }

  @Test
  void aDifferenceIsAsSmallAsTheChange() {
    JsonNode before = Trees.tree("{'pools':{'web':{'retries':1,'a':[1]},'api':{}}}");
    JsonNode after = Trees.tree("{'pools':{'web':{'retries':2,'a':[1]}}}");
    assertThat(MergePatch.diff(before, after))
        .isEqualTo(Trees.tree("{'pools':{'web':{'retries':2},'api':null}}"));
  }
}
