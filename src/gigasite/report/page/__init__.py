"""A run, or several side by side, as one page that needs nothing but a browser.

    content -> report.html.j2 with report.css and report.js -> one file

Everything is inside the file: charts as Plotly figures, Plotly itself packed, hours packed and rounded to 1/4,000 of
the largest value of their series. The page asks no network for anything, and says so to the browser.
"""
