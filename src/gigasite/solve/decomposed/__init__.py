"""A problem solved in blocks of one month, with cuts that may be used again.

A column over hours or months is operation and belongs to a block: one place (sites that hourly rows join are one) in
one month of a modelled year. Every other column is planning, whole numbers included. With planning x the problem is

    min  k + f'x + sum_b theta_b(x)     subject to planning rows, x_low <= x <= x_high
    theta_b(x) = min { c'y + p's :  r_low <= A y + P x + S s <= r_up,   l + L x <= y <= u + U x,   s >= 0 }

and for any multipliers pi of the right sign, with d = c - A'pi, weak duality gives a cut that holds for every plan:

    theta_b(x) >= sum_i pi_i+ r_low_i + pi_i- r_up_i - pi'P x
                  + sum_j min(0, d_j) (u_j + U_j x) + max(0, d_j) (l_j + L_j x)

| symbol             | name                                          | unit               | dimensions              |
|--------------------|-----------------------------------------------|--------------------|-------------------------|
| x, f               | planning columns and their cost               | GW, million USD/GW | planning                |
| y, c               | operation of a block and its cost             | GW, million USD/GW | block columns           |
| s, p               | slack of rows that cross blocks, its price    |                    | `slack_rows`            |
| A, P, S            | coefficients of a block's rows                | 1                  | block rows x their own  |
| r_low, r_up        | sides of a block's rows                       | GW                 | block rows              |
| l, u, L, U         | bounds of operation, and how they move with x | GW, 1              | block columns           |
| pi+, pi-, d        | parts of pi above and below 0, reduced cost   | million USD/GW     | block rows, columns     |
| theta_b, k         | operating cost of a block, constant           | million USD        | block                   |

    lower bound   the planning problem with its cuts, worked out from its prices; with whole numbers the solver's bound
    upper bound   f'x + sum_b theta_b(x) of the best plan tried, every block solved
    gap           (upper - lower) / upper, certified at the resolution asked for; coarser levels only prepare it

What makes it correct, and where that stands:

    signs           pi >= 0 where a row has no upper side, <= 0 where it has no lower one, and never beyond the price
                    of its slack: solvers return small wrong signs, so every path is clipped (`cut.clipped`)
    lower bounds    columns with a lower bound of their own or of the plan count with max(0, d) (`cut.cut_of`)
    several bounds  of several bounds of a column a cut may use any: it takes the one tightest at the plan in hand
                    (`cut.held_bounds`); a block takes them all (`block.column_bounds`)
    crossing bounds a plan that would put a column's lower bound above its upper one is no plan: a planning row says so
                    (`planning.bounds_that_may_cross`)
    bounded plans   every column is bounded (the builder refuses others), so a bound worked out from prices is finite;
                    copies and shares take their bounds from the columns they stand for (`planning.planning_box`)
    rows by name    multipliers go from block to block by constraint, labels and step, never by number; a row that is
                    not known counts 0 (`row_names`, `multipliers.on`)
    first cut       pi = 0 for every block, so that theta has a floor; the planning problem alone has one far below
                    (`method.first_cuts`, `master.LEAST_THETA`)
    rounding        a cut is lowered by what adding up may have lifted it, and by what small slopes left out could add
                    (`cut.ROUNDING`, `held`)
    leftover slack  a plan that still uses slack is no answer: slack is made dearer, and refused in the end
                    (`repair`, `run.by_levels`)

None of this depends on where pi came from, so a path found with other costs, loads, limits or steps gives a valid cut.

A large problem is compiled and cut one modelled year at a time, and checked so again in the end: the arrays of the
whole are never held (`parts`, `solve.year_part`, decision 13).

    keys, crossing, cutting   the block of every column and row; rows that cross blocks; the pieces
    block, planning           arrays of a block, arrays of planning
    row_names, multipliers    names that outlive a problem; paths laid on other rows and finer steps
    bases                     where a block's simplex begins: as it ended on coarser steps
    cut, dispatch, workers    a cut; a block solved by HiGHS; processes that do it
    held, master, nearest     cuts that are held; planning with them; the plan nearest to another
    progress                  where a solve stands, and what ends it
    method, mixed             which plan comes next: by level steps; whole numbers
    centred, repair           in a large problem: from within; places whose months miss each other are mended
    level, memory             one resolution and what it hands on; what is kept between solves
    parts                     a problem cut year by year, its arrays let go
    answer, together          every hour and every price of the whole problem, checked year by year
"""
