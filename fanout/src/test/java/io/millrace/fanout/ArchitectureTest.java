package io.millrace.fanout;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.junit.jupiter.api.Test;

/** Holds the arrows of the fan-out: it is built upon the engine, and upon nothing beside it. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.millrace.fanout");

  @Test
  void seesTheEngineOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("io.millrace..")
                .or(resideInAnyPackage("io.millrace.fanout..", "io.millrace.engine..")))
        .check(CLASSES);
  }

  @Test
  void nothingWaitsForTheCommonPool() {
    // All that depends on such an answer runs there, behind whoever blocks it.
    noClasses().should().dependOnClassesThat().belongToAnyOf(AskPattern.class).check(CLASSES);
  }

  @Test
  void knowsNeitherStorageNorRoutersNorWriters() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("io.millrace.engine..")
                .or(
                    resideInAnyPackage(
                        "io.millrace.engine",
                        "io.millrace.engine.api..",
                        "io.millrace.engine.consumer..",
                        "io.millrace.engine.internal..",
                        "io.millrace.engine.metrics..",
                        "io.millrace.engine.model..",
                        "io.millrace.engine.shard..",
                        "io.millrace.engine.stream..",
                        "io.millrace.engine.tail..")))
        .check(CLASSES);
  }
}
