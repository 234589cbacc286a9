"""Links one file with Splink 5, from the file to clusters; prints JSON. The rules, comparisons and levels are those of the task."""
import json
import resource
import sys
import time
import warnings

warnings.filterwarnings("ignore")
task, out = sys.argv[1], sys.argv[2]
with open(task, encoding="utf-8") as handle:
    spec = json.load(handle)

import duckdb  # noqa: E402
import splink.comparison_library as cl  # noqa: E402
from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: E402

# As for the other engine, the clock starts once the program is loaded.
started = time.perf_counter()
con = duckdb.connect()
con.execute("SET threads = 2")
columns = ", ".join(f"{one['sql']} AS {one['name']}" for one in spec["columns"])
con.execute(f"CREATE TABLE records AS SELECT {spec['id']} AS unique_id, {columns} FROM {spec['from']}")


def comparison(one):
    name, kind = one["name"], one["kind"]
    if kind == "exact":
        found = cl.ExactMatch(name)
    elif kind == "near":
        found = cl.JaroWinklerAtThresholds(name, one["thresholds"])
    else:
        found = cl.LevenshteinAtThresholds(name, one["thresholds"])
    return found.configure(term_frequency_adjustments=True) if one.get("frequency") else found


settings = SettingsCreator(
    link_type="dedupe_only",
    comparisons=[comparison(one) for one in spec["comparisons"]],
    blocking_rules_to_generate_predictions=[block_on(*rule["keys"]) for rule in spec["blocking"]],
)
api = DuckDBAPI(connection=con)
linker = Linker(api.register("records"), settings, log_level=40)
linker.training.estimate_probability_two_random_records_match([block_on(*spec["sure"])], recall=0.7)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
for rule in spec["training"]:
    linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule["keys"]))
predictions = linker.inference.predict(threshold_match_probability=0.5)
clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, threshold_match_probability=spec["threshold"])
con.execute(f"COPY (SELECT unique_id_l, unique_id_r FROM {predictions.physical_name} WHERE match_probability >= {spec['threshold']}) TO '{out}/pairs.parquet' (FORMAT parquet)")
con.execute(f"COPY (SELECT unique_id, cluster_id FROM {clusters.physical_name}) TO '{out}/clusters.parquet' (FORMAT parquet)")
seconds = time.perf_counter() - started
usage = resource.getrusage(resource.RUSAGE_SELF)
rules = " UNION ".join(
    "SELECT l.unique_id AS a, r.unique_id AS b FROM keyed l JOIN keyed r ON " + " AND ".join(f"l.k{number}_{place} = r.k{number}_{place}" for place in range(len(rule["keys"]))) + " WHERE l.unique_id < r.unique_id"
    for number, rule in enumerate(spec["blocking"])
)
keys = ", ".join(f"{key} AS k{number}_{place}" for number, rule in enumerate(spec["blocking"]) for place, key in enumerate(rule["keys"]))
con.execute(f"CREATE TABLE keyed AS SELECT unique_id, {keys} FROM records")
pairs = con.execute(f"SELECT count(*) FROM ({rules})").fetchone()[0]
print(json.dumps({"seconds": seconds, "cpuSeconds": usage.ru_utime + usage.ru_stime, "peakMemoryBytes": usage.ru_maxrss * 1024, "candidatePairs": pairs}))
