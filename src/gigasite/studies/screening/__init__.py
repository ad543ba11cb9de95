"""From a study file to ranked candidates: read it, ask the rules, measure and cost what stays, write it whole.

study_file  the YAML, its layers and every fault in them        ->  LoadedStudy
tables      rules asked, distances and costs of what stays      ->  ScreeningTables
output      candidates.csv, excluded.csv, rules.csv, a map, a scenario and what they were made from
"""
