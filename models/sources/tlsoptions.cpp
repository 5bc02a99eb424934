// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/tlsoptions.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype fingerprintDigits = 64;

/// With or without colons, in either case; empty for what is none.
QString plainFingerprint(const QString &text)
{
    const QString digits = QString(text).remove(u':').remove(u' ').trimmed().toLower();
    const bool hex =
        std::all_of(digits.begin(), digits.end(), [](QChar c) { return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f'); });
    return hex && digits.size() == fingerprintDigits ? digits : QString();
}

} // namespace

QStringList TlsOptions::pins() const
{
    QStringList all;
    for (const QString &one : fingerprints.split(u',', Qt::SkipEmptyParts)) {
        if (const QString plain = plainFingerprint(one); !plain.isEmpty())
            all.append(plain);
    }
    return all;
}

QString TlsOptions::pinProblem() const
{
    const QStringList parts = fingerprints.split(u',', Qt::SkipEmptyParts);
    if (parts.size() > mostFingerprints)
        return tr("More than %1 fingerprints are given.").arg(mostFingerprints);
    const bool good =
        std::all_of(parts.begin(), parts.end(), [](const QString &one) { return !plainFingerprint(one).isEmpty(); });
    return good ? QString() : tr("A SHA-256 fingerprint has 64 hexadecimal digits, with or without colons.");
}

void TlsOptions::addPin(const QString &fingerprint)
{
    QStringList all = pins();
    if (!all.contains(fingerprint))
        all.append(fingerprint);
    fingerprints = all.join(u',');
}

QString TlsOptions::fingerprintText(const QString &fingerprint)
{
    constexpr qsizetype groupDigits = 16; // A line can be broken behind each.
    QString text;
    const QString digits = fingerprint.toUpper();
    for (qsizetype i = 0; i < digits.size(); i += 2)
        text += (i == 0 ? u""_s : i % groupDigits == 0 ? u" "_s : u":"_s) + digits.mid(i, 2);
    return text;
}

} // namespace pulsedeck
