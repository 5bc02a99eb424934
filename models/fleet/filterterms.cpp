// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/filterterms.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

std::vector<FilterTerm> filterTerms(const QString &filter)
{
    std::vector<FilterTerm> list;
    QString word;
    bool quoted = false;
    bool negateNext = false;
    const auto finish = [&] {
        if (word.isEmpty())
            return;
        if (word.compare("not"_L1, Qt::CaseInsensitive) == 0) {
            negateNext = !negateNext;
        } else {
            bool negated = negateNext;
            if (word.size() > 1 && (word.startsWith(u'-') || word.startsWith(u'!'))) {
                negated = !negated;
                word.remove(0, 1);
            }
            list.push_back({word, negated});
            negateNext = false;
        }
        word.clear();
    };
    for (const QChar c : filter) {
        if (c == u'"')
            quoted = !quoted;
        else if (c.isSpace() && !quoted)
            finish();
        else
            word += c;
    }
    finish();
    return list;
}

} // namespace pulsedeck
