import type { OfficeCity } from './places.js';

type Names = { given: readonly string[]; family: readonly string[] };
const list = (text: string): readonly string[] => text.split(', ');

/** Common given and family names where each office is. */
export const namesIn: Record<OfficeCity, Names> = {
  Lisbon: {
    given: list(
      'Leonor, Rui, Nuno, Marta, Inês, Gonçalo, Filipe, Joana, Tiago, Sofia, Pedro, Catarina, Miguel, Rita, Duarte, Mariana, Diogo, Luísa, André, Helena, Hugo, Teresa, Vasco, Clara, Paulo, Margarida, Simão, Alice, Bruno, Matilde',
    ),
    family: list(
      'Pinto, Tavares, Prates, Nunes, Moura, Reis, Costa, Ferreira, Almeida, Carvalho, Sousa, Gomes, Martins, Rocha, Neves, Cardoso, Correia, Machado, Teixeira, Fonseca, Barros, Faria, Brandão, Magalhães, Coelho, Freitas, Cunha, Matos, Vieira, Amaral',
    ),
  },
  Rotterdam: {
    given: list(
      'Thijs, Pieter, Joris, Sander, Lotte, Fleur, Bram, Ruben, Sanne, Eva, Jeroen, Maarten, Noor, Lieke, Wouter, Niels, Esther, Marloes, Koen, Jasper, Yara, Anouk, Hidde, Tess, Bas, Mila, Floris, Iris, Rik, Samira',
    ),
    family: list(
      'Mulder, Smit, de Vries, Kok, van Dijk, Bos, Vos, Peters, Hendriks, van Leeuwen, Dekker, Brouwer, de Wit, Dijkstra, Smits, de Graaf, van der Meer, Kuipers, Veenstra, Postma, Willems, Huisman, Verhoeven, Prins, El Amrani, Yilmaz, Schouten, Groen, Maas, Blom',
    ),
  },
  Bergen: {
    given: list(
      'Hanne, Eirik, Mikkel, Liv, Sindre, Astrid, Magnus, Kari, Øyvind, Marit, Lars, Ida, Torstein, Silje, Håkon, Nora, Jonas, Ragnhild, Vegard, Tuva',
    ),
    family: list(
      'Aas, Dahl, Bruun, Nygård, Berg, Haugen, Hagen, Moen, Eide, Strand, Bakke, Sandvik, Lunde, Fossum, Tveit, Myhre, Kvamme, Sæther, Ødegård, Vik',
    ),
  },
  Krakow: {
    given: list(
      'Agnieszka, Piotr, Katarzyna, Tomasz, Małgorzata, Paweł, Zofia, Michał, Anna, Marcin, Julia, Łukasz, Ewa, Jakub, Magda, Wojciech',
    ),
    family: list(
      'Nowak, Wójcik, Kowalczyk, Kamiński, Lewandowski, Zieliński, Szymański, Dąbrowska, Mazur, Krawczyk, Zając, Król, Wieczorek, Jabłońska, Wróbel, Pawlak',
    ),
  },
  Hamburg: {
    given: list('Katrin, Jens, Svenja, Malte, Birgit, Ole, Antje, Fynn, Deniz, Heike, Torben, Miriam'),
    family: list('Petersen, Hansen, Möller, Schröder, Krüger, Behrens, Lüders, Kaya, Brandt, Harms, Claussen, Voß'),
  },
};

const folded: Record<string, string> = { ø: 'o', ł: 'l', æ: 'ae', ß: 'ss', å: 'a' };

/** A name as it stands in an e-mail address: small letters without accents, words joined by dots. */
export const mailPart = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[øłæßå]/g, (letter) => folded[letter] ?? letter)
    .normalize('NFD')
    .replace(/[^a-z ]/g, '')
    .replace(/ +/g, '.');
